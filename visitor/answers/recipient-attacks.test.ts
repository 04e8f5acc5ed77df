import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { parse } from "#lib/adapters/http/input.ts"
import { linkToken, newPublicId, readLinkToken, readSigned } from "#lib/adapters/secrets.ts"
import { COOKIES } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { codeOf } from "#lib/rooms/mail/code-of.ts"
import { editLink } from "#lib/rooms/shares/links/edit-link.ts"
import { eraseLink } from "#lib/rooms/shares/links/erase-recipients.ts"
import { type LinkView, OPEN_LINK, Recipient } from "#lib/rooms/shares/links/link.ts"
import { restoreLink, revokeLink } from "#lib/rooms/shares/links/revoke-link.ts"
import { aRecipient, linkAt } from "#testing/builders/a-recipient.ts"
import { aToken } from "#testing/builders/a-token.ts"
import { aSharedFile } from "#testing/builders/shared-file.ts"
import { callApi } from "#testing/call-api.ts"
import { aMailServer } from "#testing/mail/with-mail.ts"
import { runJobs } from "#testing/run-jobs.ts"
import { aClient, askVisitor, FORM, headerOf } from "#testing/visitors/visitor-client.ts"

let server: Awaited<ReturnType<typeof aMailServer>>
beforeEach(async () => {
  server = await aMailServer()
})
afterEach(() => server.close())

const pathOf = ({ url }: LinkView) => new URL(url).pathname
const wrong = (code: string) => code.replace(/^./, (digit) => String((Number(digit) + 1) % 10))

type Client = ReturnType<typeof aClient>

/** A share with a recipient who needs a code and got no mail yet. */
async function aVerifiedLink(typed = "Pia <pia@example.org>") {
  const shared = await aSharedFile()
  const link = await aRecipient(shared, typed, { verify: true })
  await forgetMails()
  return { shared, link, path: pathOf(link) }
}

async function forgetMails() {
  await db.mail.deleteMany()
  await db.$executeRaw`DELETE FROM graphile_worker._private_jobs`
}

const forget = () => db.attempt.deleteMany()

/** Asks for a code, and returns the right one. */
async function codeFor({ send, jar }: Client, path: string) {
  await send("POST", `${path}/code`)
  await runJobs()
  return codeOf(readSigned("code", jar.get(COOKIES.code)) ?? "")
}

/** Whether a code is right. */
async function enters({ send }: Client, path: string, code: string) {
  const answer = await send("POST", `${path}/verify`, { headers: FORM, body: `code=${code}` })
  expect(answer.status).toBe(303)
  return headerOf(answer, "location") === path
}

const claim = async ({ send }: Client, path: string) =>
  (await send("POST", `${path}/claim`, { by: "script", body: "{}" })).status

/** A client who has the cookies of another one. */
function thiefOf({ jar }: Client) {
  const thief = aClient()
  for (const [name, value] of jar) thief.jar.set(name, value)
  return thief
}

describe("a code that is guessed over HTTP", () => {
  it("is void after five tries from 200 addresses, and good again to nobody", async () => {
    const { path } = await aVerifiedLink()
    const pia = aClient()
    const code = await codeFor(pia, path)
    const guesses = await Promise.all(
      Array.from({ length: 200 }, () => enters(thiefOf(pia), path, wrong(code))),
    )
    expect(guesses).toEqual(Array(200).fill(false))
    expect(await enters(pia, path, code)).toBe(false)
    expect(await claim(pia, path)).toBe(401)
  })

  it("stays good to the browser that asked, whoever guesses without its cookie", async () => {
    const { path } = await aVerifiedLink()
    const pia = aClient()
    const code = await codeFor(pia, path)
    const forged = () => {
      const stranger = aClient()
      stranger.jar.set(COOKIES.code, `${crypto.randomUUID()}.forged`)
      return stranger
    }
    const guesses = Array.from({ length: 40 }, (_, n) =>
      enters(n % 2 ? aClient() : forged(), path, code),
    )
    expect(await Promise.all(guesses)).toEqual(Array(40).fill(false))
    expect(await enters(pia, path, code)).toBe(true)
    expect(await claim(pia, path)).toBe(200)
  })

  it("is refused at another link, at the recipient's old address, and when it is replayed", async () => {
    const { shared, link, path } = await aVerifiedLink()
    const bo = await aVerifiedLink("Bo <bo@example.org>")
    const pia = aClient()
    const code = await codeFor(pia, path)
    expect(await enters(pia, bo.path, code)).toBe(false)
    const thief = thiefOf(pia)
    expect(await enters(pia, path, code)).toBe(true)
    expect(await enters(thief, path, code)).toBe(false)

    await forget()
    const again = aClient()
    const late = await codeFor(again, path)
    const recipient = parse(Recipient, "Zoe <zoe@example.org>")
    const moved = pathOf(await editLink(linkAt(shared, link.id), { recipient }))
    for (const at of [path, moved]) expect(await enters(again, at, late)).toBe(false)
    expect(await claim(pia, path)).toBe(404)
    expect(await claim(pia, moved)).toBe(401)
  })
})

describe("proofs of a recipient that are forwarded", () => {
  it("open no other link: neither another recipient's nor one that is revoked or restored", async () => {
    const { shared, link, path } = await aVerifiedLink()
    const bo = await aRecipient(shared, "Bo <bo@example.org>", { verify: true, maxDownloads: 1 })
    const open = pathOf(await revokeLink(linkAt(shared, OPEN_LINK)))
    const pia = aClient()
    await enters(pia, path, await codeFor(pia, path))
    expect(await claim(pia, path)).toBe(200)

    const state = async (client: Client, at: string) =>
      (await client.send("GET", `${at}/d/${shared.fileId}`, { by: "script" })).status
    expect(await state(thiefOf(pia), path)).toBe(200) // the same person, at another browser
    expect(await state(thiefOf(pia), pathOf(bo))).toBe(401)
    expect(await state(thiefOf(pia), open)).toBe(410)
    await revokeLink(linkAt(shared, link.id))
    expect(await state(pia, path)).toBe(410)
    await restoreLink(linkAt(shared, link.id))
    expect(await state(pia, path)).toBe(401)
    expect((await db.link.findUniqueOrThrow({ where: { id: bo.id } })).downloads).toBe(0)
  })

  it("make no open link of a recipient's: its id with an open token has the same conditions", async () => {
    const { shared, link, path } = await aVerifiedLink()
    const publicId = readLinkToken(path.split("/").at(-1) ?? "") ?? newPublicId()
    const asOpen = `/s/${linkToken(publicId)}`
    expect(await claim(aClient(), asOpen)).toBe(401)
    expect(await claim(aClient(), `/r/${linkToken(publicId, "request", false)}`)).toBe(404)
    await revokeLink(linkAt(shared, link.id))
    expect(await claim(aClient(), asOpen)).toBe(410)
  })
})

describe("a recipient who is erased", () => {
  it("is at a link that is over, with proofs and codes from before, and gets no more mail", async () => {
    const { shared, link, path } = await aVerifiedLink()
    const [pia, late] = [aClient(), aClient()]
    await enters(pia, path, await codeFor(pia, path))
    await claim(pia, path)
    const code = await codeFor(late, path)
    await eraseLink(linkAt(shared, link.id))
    server.mails.splice(0)

    const page = await pia.send("GET", path)
    expect(page.status).toBe(410)
    expect(page.body).not.toMatch(/pia|p…@|data-recipient/i)
    expect(await claim(pia, path)).toBe(410)
    const tried = await late.send("POST", `${path}/verify`, { headers: FORM, body: `code=${code}` })
    expect([tried.status, late.jar.has(COOKIES.unlock)]).toEqual([303, false])
    await forget()
    for (const email of ["", "pia@example.org"]) {
      await aClient().send("POST", `${path}/code`, { headers: FORM, body: `email=${email}` })
    }
    await runJobs()
    expect(server.mails).toEqual([])
  })
})

describe("mail bombs", () => {
  it("of strangers are five mails an hour and twenty a day to an address, over all its links", async () => {
    const links = [await aVerifiedLink(), await aVerifiedLink(), await aVerifiedLink()]
    server.mails.splice(0)
    const hours: number[] = []
    for (let hour = 0; hour < 5; hour++) {
      const asks = links.flatMap(({ path }) => [path, path])
      for (const path of asks) await aClient().send("POST", `${path}/code`)
      await runJobs()
      hours.push(server.mails.splice(0).length)
      await db.attempt.deleteMany({ where: { purpose: { not: "code_to_daily" } } })
    }
    expect(hours).toEqual([5, 5, 5, 5, 0])
  })

  it("of a network are two an hour for a link, and twenty for all", async () => {
    const address = "198.51.100.7"
    const ask = async (path: string) => {
      const answer = await askVisitor({
        method: "POST",
        path: `${path}/code`,
        by: "script",
        address,
      })
      return answer.status
    }
    const { path } = await aVerifiedLink()
    const same = [await ask(path), await ask(path), await ask(path)]
    expect(same).toEqual([303, 303, 429])
    const unknown = Array.from({ length: 20 }, () => `/s/${linkToken(newPublicId())}`)
    const others: number[] = []
    for (const each of unknown) others.push(await ask(each))
    expect(others).toEqual([...Array(18).fill(303), 429, 429])
  })

  it("of members and their tokens are five mails an hour to an address, whoever sends at once", async () => {
    const sends: Promise<Response>[] = []
    for (let n = 0; n < 4; n++) {
      const mine = await aSharedFile()
      const { token } = await aToken(mine.owner, ["shares:write"])
      const others = await aSharedFile({ owner: mine.owner })
      const body = { recipients: ["Pia <PIA@example.org>"] }
      const by = (headers?: Record<string, string>) => ({
        as: headers ? null : mine.owner,
        body,
        ...(headers && { headers }),
      })
      const add = "POST /shares/{id}/links/batch"
      sends.push(callApi(add, { ...by(), id: mine.shareId }))
      sends.push(callApi(add, { ...by({ authorization: `Bearer ${token}` }), id: others.shareId }))
    }
    const statuses = (await Promise.all(sends)).map(({ status }) => status)
    expect(statuses.sort()).toEqual([...Array(5).fill(201), ...Array(3).fill(429)])
    await runJobs()
    expect(server.mails.filter(({ to }) => to[0] === "pia@example.org")).toHaveLength(5)
    expect(await db.link.count({ where: { open: false } })).toBe(5)
  })
})

const ASKS = process.env.HEAVY ? 1_000 : 5

describe(`${ASKS} requests for a code with each address, in turn`, () => {
  it("have one answer, as long and after as long, whether or not it is the link's", async () => {
    const { path, shared } = await aVerifiedLink()
    const open = pathOf(await aRecipient(shared, "Bo"))
    const kinds = [
      [path, "pia@example.org"],
      [path, "zoe@example.org"],
      [open, "pia@example.org"],
      [`/s/${linkToken(newPublicId())}`, "pia@example.org"],
    ] as const
    const answers = new Set<string>()
    const times = kinds.map((): number[] => [])
    for (let n = 0; n < ASKS; n++)
      for (const [kind, [at, email]] of kinds.entries()) {
        const startedAt = performance.now()
        const { status, headers, body } = await askVisitor({
          method: "POST",
          path: `${at}/code`,
          by: "person",
          headers: FORM,
          body: `email=${email}`,
        })
        times[kind]?.push(performance.now() - startedAt)
        const said = headers.map(
          ([name, value]) =>
            `${name}: ${value.replaceAll(at, "/s").replace(/=[^;]{20,}/, (text) => `=${text.length}`)}`,
        )
        answers.add(JSON.stringify([status, said, body]))
      }
    expect([...answers]).toHaveLength(1)
    if (!process.env.HEAVY) return
    const medians = times.map((each) => each.sort((a, b) => a - b)[ASKS / 2] ?? 0)
    expect(Math.max(...medians) / Math.min(...medians)).toBeLessThan(1.15)
  }, 120_000)
})
