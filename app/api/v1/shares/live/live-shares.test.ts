import { createServer, get, type IncomingMessage, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { Readable } from "node:stream"
import { setTimeout as sleep } from "node:timers/promises"
import { NextRequest } from "next/server"
import pg from "pg"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import type { MemberId } from "#lib/accounts/member.ts"
import { signOut } from "#lib/accounts/session.ts"
import type { LiveNumbers } from "#lib/activity/live.ts"
import { closeLiveShares, resetLiveShares, watchShares } from "#lib/activity/live-shares.ts"
import { openLink } from "#lib/claims/open-link.ts"
import { visitorSourceOf } from "#lib/claims/visitor-source.ts"
import { db } from "#lib/db.ts"
import { DbClient } from "#lib/db-client.ts"
import { notifyOf, startNudges } from "#lib/nudge.ts"
import { eventStream } from "#lib/web/event-stream.ts"
import { makeSessionCookie, sessionCookieName } from "#lib/web/session-cookie.ts"
import { aLink } from "#testing/a-link.ts"
import { aSession } from "#testing/a-session.ts"
import { callApi } from "#testing/call-api.ts"
import { inTurn } from "#testing/in-turn.ts"
import { GET, HEAD } from "./route.ts"

const NOTHING = { ticket: null, unlock: null, visitId: null }

let server: Server
let port: number
let stopNudges: () => void

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const headers = new Headers({ cookie: request.headers.cookie ?? "" })
    const answer = await GET(
      new NextRequest(`http://localhost${request.url}`, { headers }),
      undefined as never,
    )
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    if (!answer.body) return response.end()
    const body = Readable.fromWeb(answer.body as import("node:stream/web").ReadableStream)
    body.on("error", () => response.destroy()).pipe(response)
    response.on("close", () => body.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => server.close())
beforeEach(() => {
  stopNudges = startNudges()
})
afterEach(async () => {
  stopNudges()
  await resetLiveShares()
})

type Stream = { numbers: LiveNumbers[]; ended: boolean; status: number; response: IncomingMessage }

/** An open page of a session. */
async function open(cookie: string, ids: string[], more = ""): Promise<Stream> {
  const path = `/api/v1/shares/live?ids=${ids.join(",")}${more}`
  const headers = { cookie: `${sessionCookieName()}=${cookie}` }
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    get({ port, path, headers, agent: false }, resolve).on("error", reject),
  )
  const stream: Stream = { numbers: [], ended: false, status: response.statusCode ?? 0, response }
  response.setEncoding("utf8").on("data", (text: string) => {
    for (const [, data] of text.matchAll(/^data: (.*)$/gm))
      stream.numbers.push(...JSON.parse(data ?? ""))
  })
  response.on("error", () => {})
  response.on("close", () => {
    stream.ended = true
  })
  return stream
}

const pageOf = async (link: Awaited<ReturnType<typeof aLink>>, more = "") => {
  const session = await aSession(link.ownerId)
  const stream = await open(await makeSessionCookie(session), [link.shareId], more)
  return Object.assign(stream, { session })
}

async function visit({ publicId }: { publicId: Uint8Array }, address = "203.0.113.7") {
  const visitor = { userAgent: "Mozilla/5.0 Firefox/150.0", referrer: "", address, publicId }
  const source = await visitorSourceOf(visitor)
  await openLink({ publicId, cookies: NOTHING, kind: "view", source })
}

const last = ({ numbers }: Stream) => numbers.at(-1)
const until = (check: () => unknown, timeout = 15_000) =>
  vi.waitFor(check, { timeout, interval: 20 })

async function connections() {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL })
  await client.connect()
  const { rows } = await client.query(
    `SELECT count(*)::int AS count FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'lapse-live'`,
  )
  await client.end()
  return rows[0].count
}

describe("GET /api/v1/shares/live", () => {
  it("sends the numbers at once, and again when a visitor comes", async () => {
    const link = await aLink()
    const page = await pageOf(link, "&visitors=1")
    expect(page.response.headers).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    })
    await until(() => expect(last(page)).toMatchObject({ views: 0, visitors: 0, status: "open" }))

    await visit(link)
    await visit(link)
    await visit(link, "203.0.113.8")
    await until(() => expect(last(page)).toMatchObject({ views: 3, visitors: 2 }), 3_000)
  })

  it("gathers what happens in a second", async () => {
    const link = await aLink()
    const page = await pageOf(link)
    await until(() => expect(page.numbers).toHaveLength(1))
    const end = performance.now() + 2_500
    let views = 0
    while (performance.now() < end) {
      await visit(link)
      views += 1
    }
    await until(() => expect(last(page)).toMatchObject({ views }))
    expect(views).toBeGreaterThan(20)
    expect(page.numbers.length).toBeLessThanOrEqual(6)
  })

  it("sends nothing of other members' shares, and refuses what is no list of ids", async () => {
    const [mine, other] = [await aLink(), await aLink()]
    const cookie = await makeSessionCookie(await aSession(mine.ownerId))
    const page = await open(cookie, [other.shareId, mine.shareId])
    await visit(other)
    await visit(mine)
    await until(() => expect(last(page)).toMatchObject({ id: mine.shareId, views: 1 }))
    await notifyOf([other.shareId])
    expect(page.numbers.filter(({ id }) => id === other.shareId)).toEqual([])

    for (const query of ["", "?ids=", "?ids=x", `?ids=${Array(201).fill(mine.shareId)}`]) {
      for (const route of [GET, HEAD])
        expect((await callApi(route as never, { as: mine.ownerId, query })).status).toBe(400)
    }
    const query = `?ids=${mine.shareId}`
    expect((await callApi(HEAD as never, { as: mine.ownerId, query })).status).toBe(200)
    expect((await callApi(GET as never, { as: null, query })).status).toBe(401)
  })

  it("ends with its session, and sends nothing after that", async () => {
    const link = await aLink()
    const [page, disabled, kept] = [await pageOf(link), await aLink(), await aLink()]
    const [others, keeps] = [await pageOf(disabled), await pageOf(kept)]
    await until(() => {
      for (const each of [page, others, keeps]) expect(each.numbers).toHaveLength(1)
    })

    await signOut(page.session)
    await db.member.update({ where: { id: disabled.ownerId }, data: { disabledAt: new Date() } })
    await Promise.all([visit(link), visit(disabled), visit(kept)])

    await until(() => expect(last(keeps)).toMatchObject({ views: 1 }))
    await until(() => expect([page.ended, others.ended]).toEqual([true, true]))
    expect([page.numbers, others.numbers].map(({ length }) => length)).toEqual([1, 1])
    expect(keeps.ended).toBe(false)
    const again = await open(await makeSessionCookie(page.session), [link.shareId])
    expect(again.status).toBe(401)
  })

  it.runIf(process.env.HEAVY)(
    "serves a thousand pages by one connection of the database",
    async () => {
      const links = await inTurn(125, () => aLink())
      const pages: Stream[] = []
      for (const { ownerId, shareId } of links) {
        const cookie = await makeSessionCookie(await aSession(ownerId))
        const ofMember = Array.from({ length: 8 }, () => open(cookie, [shareId]))
        pages.push(...(await Promise.all(ofMember)))
      }
      expect(pages.filter(({ status }) => status === 200)).toHaveLength(1000)
      await until(() =>
        expect(pages.filter(({ numbers }) => numbers.length > 0)).toHaveLength(1000),
      )

      await Promise.all(links.map((link) => visit(link)))
      await until(() => expect(pages.filter((page) => last(page)?.views === 1)).toHaveLength(1000))
      expect(await connections()).toBe(1)

      await closeLiveShares()
      await until(() => expect(pages.filter(({ ended }) => ended)).toHaveLength(1000))
      await until(async () => expect(await connections()).toBe(0))
    },
    60_000,
  )

  it("takes sixteen pages of a member, however many sessions open them, and another when one is closed", async () => {
    const link = await aLink()
    const cookies = await inTurn(12, async () => makeSessionCookie(await aSession(link.ownerId)))
    const tried = cookies.flatMap((cookie) => Array.from({ length: 8 }, () => cookie))
    const pages = await Promise.all(tried.map((cookie) => open(cookie, [link.shareId])))
    const opened = pages.filter(({ status }) => status === 200)
    const refused = pages.filter(({ status }) => status === 429)
    expect([opened.length, refused.length]).toEqual([16, 80])
    for (const { response } of refused) expect(response.headers["retry-after"]).toBe("60")
    const other = await pageOf(await aLink())
    expect(other.status).toBe(200)

    opened[0]?.response.destroy()
    const [cookie = ""] = cookies
    await until(async () => expect((await open(cookie, [link.shareId])).status).toBe(200))
    expect((await open(cookie, [link.shareId])).status).toBe(429)
  })

  it("goes on where the connection was lost", async () => {
    const link = await aLink()
    const page = await pageOf(link)
    await until(async () => expect(await connections()).toBe(1))
    await db.$executeRaw`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'lapse-live'`
    await visit(link)
    await until(() => expect(last(page)).toMatchObject({ views: 1 }))
  })

  it.runIf(process.env.HEAVY)(
    "asks by itself where nothing is heard, as behind a pooler that takes LISTEN and delivers nothing",
    async () => {
      const { emit } = DbClient.prototype
      const pooler = vi.spyOn(DbClient.prototype, "emit").mockImplementation(function (
        this: DbClient,
        ...event: Parameters<typeof emit>
      ) {
        return String(event[0]) === "notification" ? false : Reflect.apply(emit, this, event)
      })
      try {
        const link = await aLink()
        const page = await pageOf(link)
        await until(async () => expect(await connections()).toBe(1))
        for (const views of [1, 2]) {
          await sleep(2_500) // beyond what is read when the page opens and when the connection does
          await visit(link)
          await until(() => expect(last(page)).toMatchObject({ views }))
        }
      } finally {
        pooler.mockRestore()
      }
    },
  )

  it("drops a client that does not read", async () => {
    const answer: { sent: number; gone: boolean } = { sent: 0, gone: false }
    const unread = eventStream((sink) => {
      while (answer.sent < 1000 && sink.send([])) answer.sent += 1
      return () => {
        answer.gone = true
      }
    })
    expect(answer.sent).toBeLessThan(20)
    await unread.body?.cancel()
    expect(answer.gone).toBe(true)

    const { ownerId, shareId } = await aLink()
    const end = vi.fn()
    watchShares({
      ...{ member: ownerId as MemberId, claim: await aSession(ownerId), shareIds: [shareId] },
      ...{ visitors: false, send: () => false, end },
    })
    await until(() => expect(end).toHaveBeenCalledOnce())
    await until(async () => expect(await connections()).toBe(0))
  })
})
