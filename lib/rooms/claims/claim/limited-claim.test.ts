import { type ChildProcess, fork } from "node:child_process"
import { randomUUID } from "node:crypto"
import { once } from "node:events"
import path from "node:path"
import { afterEach, describe, expect, it, vi } from "vitest"
import { db, pool } from "#lib/adapters/database.ts"
import { aLink, aRecipientOf } from "#testing/builders/a-link.ts"
import { untilOneWaits } from "#testing/database/until-one-waits.ts"
import { noCookies, source } from "#testing/look-and-click.ts"
import { eventColumns } from "../access/event-columns.ts"
import { arraysOf } from "../access/input-rows.ts"
import { unlockColumns } from "../access/proofs.ts"
import { newVisitId } from "../visitor/visitor-cookies.ts"
import { claim } from "./claim.ts"
import { CLICK, insertClaimsOfOneShare } from "./claim-statement.ts"

type Link = { publicId: Uint8Array; fileId: string }
type Conditions = Parameters<typeof aLink>[0]

const click = ({ publicId, fileId }: Link, visitId: Buffer | null = newVisitId()) =>
  claim({
    publicId,
    fileIds: [fileId],
    cookies: { ...noCookies, visitId },
    directOnly: false,
    source,
  })
const aLimitedLink = (conditions: Conditions = {}) => aLink({ maxDownloads: 100, ...conditions })

async function countsOf(shareId: string) {
  const { downloads } = await db.share.findUniqueOrThrow({ where: { id: shareId } })
  const kinds = await db.event.groupBy({ by: ["kind"], where: { shareId }, _count: true })
  const of = (kind: string) => kinds.find((each) => each.kind === kind)?._count ?? 0
  return { downloads, claims: of("claim"), mints: of("mint") }
}

/** Records the statements that run: their names and how many clicks each has. */
function watchStatements() {
  const seen: [string, number][] = []
  const query = pool().query.bind(pool())
  vi.spyOn(pool(), "query").mockImplementation((asked: unknown, ...rest: unknown[]) => {
    const { name = "", values } = asked as { name?: string; values?: unknown[][] }
    const [first] = values ?? []
    seen.push([name, Array.isArray(first) ? first.length : 1])
    return Reflect.apply(query, undefined, [asked, ...rest])
  })
  return seen
}

const children: ChildProcess[] = []
afterEach(() => {
  vi.restoreAllMocks()
  for (const child of children.splice(0)) child.kill("SIGKILL")
})

describe("a claim of a share with a limit", () => {
  it("grants exactly what a claim of many files grants", async () => {
    const link = await aLimitedLink({ mintTtlSeconds: 20 })
    const visitId = newVisitId()

    const shared = await click(link, visitId)
    const many = await claim({
      publicId: link.publicId,
      fileIds: [link.fileId, link.fileId],
      cookies: { ...noCookies, visitId },
      directOnly: false,
      source,
      chargedTo: "192.0.2.7",
    })

    expect(shared).toMatchObject({ expiresInSeconds: 20, viewOnly: false, ticket: many.ticket })
    expect(many.files).toMatchObject(shared.files)
    expect(await countsOf(link.shareId)).toEqual({ downloads: 1, claims: 1, mints: 1 })
    const { minted } = await db.share.findUniqueOrThrow({ where: { id: link.shareId } })
    expect(minted).toBe(true)
  })

  it("is one statement, whether a limit was set or removed since", async () => {
    const link = await aLink({ maxDownloads: 9, minted: true })
    const limit = (maxDownloads: number | null) =>
      db.share.update({ where: { id: link.shareId }, data: { maxDownloads } })
    const seen = watchStatements()
    await click(link)
    await limit(null)
    await click(link)
    await limit(9)
    await click(link)

    const names = seen.map(([name]) => name).filter((name) => name.startsWith("claim"))
    expect(names).toEqual(["claim", "claim", "claim"])
    expect(await countsOf(link.shareId)).toMatchObject({ downloads: 2, claims: 3 })
  })
})

describe("the first claims of a share without a limit", () => {
  it("mark it and count in the shards, at once and in one statement", async () => {
    const link = await aLink()
    const seen = watchStatements()

    await Promise.all(Array.from({ length: 30 }, () => click(link)))

    const { downloads, minted } = await db.share.findUniqueOrThrow({ where: { id: link.shareId } })
    expect({ downloads, minted }).toEqual({ downloads: 0, minted: true })
    const { _sum } = await db.shareCounter.aggregate({
      where: { shareId: link.shareId },
      _sum: { downloads: true },
    })
    expect(Number(_sum.downloads)).toBe(30)
    expect(await countsOf(link.shareId)).toMatchObject({ claims: 30, mints: 0 })
    expect(await db.claim.count({ where: { linkId: link.linkId } })).toBe(0)
    const names = seen.map(([name]) => name).filter((name) => name.startsWith("claim"))
    expect(new Set(names)).toEqual(new Set(["claim"]))
  })

  it("are refused once a revoke returned, and the revoke sees the mark of those that were granted", async () => {
    for (let round = 0; round < 10; round++) {
      const link = await aLink()
      const clicks = Promise.allSettled(Array.from({ length: 10 }, () => click(link)))
      const [revoked] = await db.$queryRaw<{ minted: boolean }[]>`
        UPDATE share SET revoked_at = clock_timestamp() WHERE id = ${link.shareId}::uuid RETURNING minted`
      const late = await Promise.allSettled([click(link), click(link)])
      const granted = (await clicks).filter((r) => r.status === "fulfilled")

      expect(late.map(({ status }) => status)).toEqual(["rejected", "rejected"])
      expect(revoked?.minted).toBe(granted.length > 0)
      expect(await countsOf(link.shareId)).toMatchObject({ claims: granted.length })
    }
  })
})

describe("clicks on limited shares that share a statement", () => {
  it("are granted in the order in which they came, up to the limit", async () => {
    const link = await aLimitedLink({ maxDownloads: 20 })
    const seen = watchStatements()

    const results = await Promise.allSettled(Array.from({ length: 32 }, () => click(link)))

    const granted = results.map(({ status }) => status === "fulfilled")
    expect(granted).toEqual([...Array(20).fill(true), ...Array(12).fill(false)])
    expect(await countsOf(link.shareId)).toEqual({ downloads: 20, claims: 20, mints: 0 })
    expect(seen.filter(([name]) => name.startsWith("claim")).length).toBeLessThan(6)
  })

  it("are one claim for one visit, however often it clicks, each with an event", async () => {
    const link = await aLimitedLink({ maxDownloads: 3, files: ["a", "b"] })
    const visits = Array.from({ length: 8 }, newVisitId)
    const clicks = [...visits, ...visits, ...visits].map((visitId, n) =>
      click({ ...link, fileId: link.fileIds[n % 2] ?? "" }, visitId),
    )

    const results = await Promise.allSettled(clicks)

    const ticketsOf = (visit: number) =>
      [0, 8, 16].map((offset) => {
        const result = results[visit + offset]
        return result?.status === "fulfilled" ? result.value.ticket?.id : null
      })
    for (const visit of [0, 1, 2]) {
      expect(ticketsOf(visit)[0]).toEqual(expect.any(String))
      expect(new Set(ticketsOf(visit)).size).toBe(1)
    }
    for (const visit of [3, 4, 5, 6, 7]) expect(ticketsOf(visit)).toEqual([null, null, null])
    expect(await countsOf(link.shareId)).toEqual({ downloads: 3, claims: 3, mints: 6 })
  })

  it("count claims from the time without a limit, in the shards", async () => {
    const link = await aLimitedLink({ maxDownloads: 10, downloads: 2 })
    const counters = [3, 1].map((downloads, shard) => ({ shareId: link.shareId, shard, downloads }))
    await db.shareCounter.createMany({ data: counters })

    const results = await Promise.allSettled(Array.from({ length: 9 }, () => click(link)))

    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(4)
    expect(await countsOf(link.shareId)).toMatchObject({ downloads: 6, claims: 4 })
  })

  it("leave the last claim to a new visitor while another repeats one that is not visible yet", async () => {
    const link = await aLimitedLink({ maxDownloads: 2 })
    const { publicId, fileId, linkId, shareId } = link
    const [again, newcomer, counted] = [newVisitId(), newVisitId(), randomUUID()]
    type Row = { refusal: string | null; ticket_id: string | null; newly: boolean | null }
    const ask = (...visits: Buffer[]) =>
      insertClaimsOfOneShare<Row>({
        ...arraysOf(
          CLICK,
          visits.map((visitId) => ({
            publicId,
            fileId,
            visitId,
            directOnly: false,
            claimId: randomUUID(),
            ...unlockColumns(null),
            ...eventColumns(randomUUID(), source),
          })),
        ),
        shard: 0,
        credentialsEnd: null,
      })
    const waited = await db.$transaction(async (tx) => {
      const visitId = Buffer.concat([again, Buffer.alloc(4)])
      await tx.share.update({ where: { id: shareId }, data: { downloads: 1, minted: true } })
      await tx.claim.create({ data: { linkId, visitId, counted } })
      const asking = ask(again, newcomer)
      await untilOneWaits()
      return { asking }
    })

    expect(await waited.asking).toMatchObject([
      { refusal: null, ticket_id: counted, newly: false },
      { refusal: "busy", ticket_id: null },
    ])
    expect(await ask(newcomer)).toMatchObject([{ refusal: null, newly: true }])
    expect(await ask(newVisitId())).toMatchObject([{ refusal: "used_up" }])
    expect(await countsOf(shareId)).toMatchObject({ downloads: 2, claims: 1, mints: 1 })
  })

  it("are counted exactly over many shares, 128 in a statement", async () => {
    const links = await Promise.all(
      Array.from({ length: 7 }, () => aLimitedLink({ maxDownloads: 30 })),
    )
    const seen = watchStatements()

    const clicks = Array.from({ length: 350 }, (_, n) => click(links[n % 7] ?? never()))
    const results = await Promise.allSettled(clicks)

    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(210)
    for (const { shareId } of links) {
      expect(await countsOf(shareId)).toEqual({ downloads: 30, claims: 30, mints: 0 })
    }
    const sizes = seen.flatMap(([name, size]) => (name.startsWith("claim") ? [size] : []))
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThanOrEqual(350)
    expect(Math.max(...sizes)).toBe(128)
  })

  it.each([1, 10])(
    "do not wait for a share that is locked, whose clicks by %i links wait in one queue",
    async (count) => {
      const [stuck, free] = [await aLimitedLink({ maxDownloads: 15 }), await aLimitedLink()]
      const links = [stuck]
      while (links.length < count) links.push(await aRecipientOf(stuck, { name: "Maria" }))
      const other = await pool().connect()
      await other.query("BEGIN")
      await other.query("SELECT FROM share WHERE id = $1 FOR UPDATE", [stuck.shareId])
      let over = 0
      const waiting = Array.from({ length: 20 }, (_, n) =>
        click(links[n % count] ?? stuck).then(
          () => "granted",
          ({ code }) => code,
        ),
      ).map((each) => each.finally(() => over++))

      await Promise.all(Array.from({ length: 20 }, () => click(free)))
      expect(over).toBe(0)
      expect(await countsOf(free.shareId)).toMatchObject({ downloads: 20, claims: 20 })
      const { rows } = await pool().query<{ waiting: number }>(
        `SELECT count(*)::int AS waiting FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      )
      expect(rows[0]?.waiting).toBeLessThanOrEqual(2)

      await other.query("COMMIT")
      other.release()
      expect((await Promise.all(waiting)).toSorted()).toEqual([
        ...Array(5).fill("gone"),
        ...Array(15).fill("granted"),
      ])
      expect(await countsOf(stuck.shareId)).toMatchObject({ downloads: 15, claims: 15 })
    },
  )

  it("never deadlock with statements that lock many shares", async () => {
    const links = await Promise.all(Array.from({ length: 12 }, () => aLimitedLink()))
    const ids = links.map(({ shareId }) => shareId)
    let open = true
    const locking = Array.from({ length: 3 }, async () => {
      while (open) {
        await db.$transaction(async (tx) => {
          await tx.$executeRaw`SELECT FROM share WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR UPDATE`
          await tx.$executeRaw`UPDATE share SET title = title || 'x' WHERE id = ANY(${ids}::uuid[])`
        })
      }
    })

    const clicks = Array.from({ length: 600 }, (_, n) => click(links[(n * 7) % 12] ?? never()))
    const results = await Promise.allSettled(clicks)
    open = false
    await Promise.all(locking)

    expect(results.filter(({ status }) => status === "rejected")).toEqual([])
    for (const id of ids) expect(await countsOf(id)).toMatchObject({ downloads: 50, claims: 50 })
  })

  it("respect a revoke, a lower limit and a password that returned before they were sent", async () => {
    const closings = [
      "revoked_at = clock_timestamp(), ticket_epoch = ticket_epoch + 1",
      "max_downloads = downloads, ticket_epoch = ticket_epoch + 1",
      "password_hash = 'x', password_version = 1, ticket_epoch = ticket_epoch + 1",
    ]
    for (const closing of closings) {
      const links = await Promise.all(
        Array.from({ length: 4 }, () => aLimitedLink({ maxDownloads: 1_000_000 })),
      )
      const closed = new Set<string>()
      const granting = new Set<string>()
      let [granted, late, open] = [0, 0, true]
      const clicking = Array.from({ length: 40 }, async (_, n) => {
        const link = links[n % 4] ?? never()
        while (open) {
          const after = closed.has(link.shareId)
          const won = await click(link).then(
            () => true,
            () => false,
          )
          if (won) granted += 1
          if (won) granting.add(link.shareId)
          if (won && after) late += 1
        }
      })
      try {
        await vi.waitFor(() => expect(granting.size).toBe(links.length), { timeout: 10_000 })
        for (const { shareId } of links) {
          await pool().query(`UPDATE share SET ${closing} WHERE id = $1`, [shareId])
          closed.add(shareId)
        }
        await new Promise((resolve) => setTimeout(resolve, 10))
      } finally {
        open = false
      }
      await Promise.all(clicking)

      expect([closing, late]).toEqual([closing, 0])
      const counts = await Promise.all(links.map(({ shareId }) => countsOf(shareId)))
      expect(counts.reduce((sum, { downloads }) => sum + downloads, 0)).toBe(granted)
      expect(counts.reduce((sum, { claims }) => sum + claims, 0)).toBe(granted)
    }
  })
})

describe("two processes that click on one limited share", () => {
  it.runIf(process.env.HEAVY)(
    "lose no claim that was answered when one is killed, and reach the limit exactly",
    {
      timeout: 300_000,
    },
    async () => {
      const root = path.join(import.meta.dirname, "../../../..")
      for (let round = 0; round < 4; round++) {
        const link = await aLimitedLink({ maxDownloads: 400 })
        const start = async () => {
          const args = [Buffer.from(link.publicId).toString("hex"), link.fileId]
          const child = fork(path.join(root, "testing/children/limited-clicks-child.ts"), args, {
            execArgv: ["--import", path.join(root, "server/server-only.mjs")],
            env: process.env,
          })
          children.push(child)
          const answered = new Set<string>()
          await once(child, "message")
          child.on("message", (tickets: string[]) => {
            for (const ticket of tickets) answered.add(ticket)
          })
          return { child, answered }
        }
        const [killed, stays] = await Promise.all([start(), start()])

        for (const { child } of [killed, stays]) child.send("go")
        await vi.waitFor(() => expect(killed.answered.size).toBeGreaterThan(20 + 10 * round), {
          timeout: 30_000,
          interval: 2,
        })
        killed.child.kill("SIGKILL")
        await once(stays.child, "exit")

        const { downloads, claims } = await countsOf(link.shareId)
        expect({ downloads, claims }).toEqual({ downloads: 400, claims: 400 })
        const counted = await db.claim.findMany({
          where: { linkId: link.linkId, counted: { not: null } },
        })
        const tickets = new Set(counted.map((each) => each.counted))
        expect(tickets.size).toBe(400)
        for (const ticket of [...killed.answered, ...stays.answered]) {
          expect(tickets).toContain(ticket)
        }
      }
    },
  )
})

function never(): never {
  throw new Error("there is such a link")
}
