import { randomBytes } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { parse } from "#lib/adapters/http/input.ts"
import { linkToken, newPublicId, readLinkToken } from "#lib/adapters/secrets.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import { recentGuesses } from "#lib/adapters/throttle/guess-counts.ts"
import { recipientVisits } from "#lib/rooms/activity/recipient-visits.ts"
import { codeOf } from "#lib/rooms/mail/code-of.ts"
import { editShare } from "#lib/rooms/shares/edit/edit-share.ts"
import { editLink } from "#lib/rooms/shares/links/edit-link.ts"
import { eraseLink } from "#lib/rooms/shares/links/erase-recipients.ts"
import { type LinkView, Recipient } from "#lib/rooms/shares/links/link.ts"
import { requireLink } from "#lib/rooms/shares/links/read-links.ts"
import { restoreLink, revokeLink } from "#lib/rooms/shares/links/revoke-link.ts"
import { aRecipient, linkAt } from "#testing/builders/a-recipient.ts"
import { acting } from "#testing/builders/acting.ts"
import { aSharedFile } from "#testing/builders/shared-file.ts"
import { textsOf } from "#testing/mail/mail-server.ts"
import { aMailServer } from "#testing/mail/with-mail.ts"
import { runJobs } from "#testing/run-jobs.ts"
import { inHours } from "#testing/units.ts"
import { aClient, askVisitor, headerOf } from "#testing/visitors/visitor-client.ts"
import { unlockLink } from "../open/unlock-link.ts"
import { COOKIES, readVisitorCookies } from "../visitor/visitor-cookies.ts"
import { askForCode, mailCode } from "./mail-code.ts"
import { verifyLink } from "./verify-link.ts"

let server: Awaited<ReturnType<typeof aMailServer>>
beforeEach(async () => {
  server = await aMailServer()
})
afterEach(() => server.close())

const PIA = "Pia <pia@example.org>"

/** A share with a recipient who needs a code and got no mail yet. */
async function aVerifiedLink(typed = PIA) {
  const shared = await aSharedFile()
  const link = await aRecipient(shared, typed, { verify: true })
  await db.mail.deleteMany()
  await db.$executeRaw`DELETE FROM graphile_worker._private_jobs`
  return { shared, link, path: new URL(link.url).pathname }
}
const publicIdOf = ({ url }: LinkView) => {
  const publicId = readLinkToken(url.split("/").at(-1) ?? "")
  if (!publicId) throw new Error("the link has a token")
  return publicId
}
const anAddress = () => [10, ...randomBytes(3)].join(".")
const source = { agent: "Firefox", referrer: null, visitor: randomBytes(16) }

/** Asks for a code from a new network, and returns the mail's id and what was mailed. */
async function asked(link: LinkView, email: string | null = null) {
  const before = server.mails.length
  const id = await askForCode({ publicId: publicIdOf(link), email, address: anAddress() })
  await runJobs()
  return { id, mails: server.mails.slice(before) }
}
const verify = (link: LinkView, mailId: string | null, code: string) =>
  verifyLink({ publicId: publicIdOf(link), mailId, code, address: anAddress(), source })
const wrong = (code: string) => code.replace(/^./, (digit) => String((Number(digit) + 1) % 10))

describe("a link that needs a code", () => {
  it("shows neither title nor files nor address before the code, and opens with the mailed one", async () => {
    const { link, path, shared } = await aVerifiedLink()
    const { send } = aClient()
    const page = await send("GET", path)
    expect(page.status).toBe(200)
    expect(String(page.body)).toContain("p…@example.org")
    expect(String(page.body)).not.toMatch(/pia@|\.pdf|secret/i)
    for (const call of [`${path}/state`, `${path}/d/${shared.fileId}`]) {
      const answer = await send("GET", call, { headers: { accept: "application/json" } })
      expect([answer.status, JSON.parse(String(answer.body)).code]).toEqual([401, "verify"])
    }
    const click = await send("POST", `${path}/claim`, { body: "{}" })
    expect(click.status).toBe(401)

    const answer = await send("POST", `${path}/code`)
    expect([answer.status, headerOf(answer, "location")]).toEqual([303, path])
    await runJobs()
    const [mail] = server.mails
    expect(mail?.to).toEqual(["pia@example.org"])
    const [code = ""] = /\b\d{6}\b/.exec(textsOf(mail ?? (undefined as never)).plain) ?? []
    expect(String((await send("GET", path)).body)).toContain('name="code"')

    const bad = await send("POST", `${path}/verify`, { body: `code=${wrong(code)}` })
    expect(headerOf(bad, "location")).toBe(`${path}?error=code`)
    const good = await send("POST", `${path}/verify`, { body: `code=${code}` })
    expect(headerOf(good, "location")).toBe(path)
    expect((await send("POST", `${path}/claim`, { body: "{}" })).status).toBe(200)
    expect(await db.link.findUnique({ where: { id: link.id } })).toMatchObject({ downloads: 1 })
  })

  it("was opened once the code is right, and the password too if it has one", async () => {
    const openedWith = async ({ shared, link }: Verified) => {
      const { openedAt } = await requireLink({ ...shared, kind: "share" }, link.id)
      const visits = await recipientVisits(shared.owner, shared.shareId, [link.id])
      return openedAt && visits.get(link.id)?.openedWith
    }
    const verified = await aVerifiedLink()
    const { id } = await asked(verified.link)
    await verify(verified.link, id, wrong(codeOf(id)))
    expect(await openedWith(verified)).toBeNull()
    await verify(verified.link, id, codeOf(id))
    expect(await openedWith(verified)).toBe("Firefox")

    const both = await aVerifiedLink()
    await editShare(acting(both.shared.owner), both.shared.shareId, { password: "open sesame" })
    const mail = await asked(both.link)
    const { send, jar } = aClient()
    jar.set(COOKIES.unlock, (await verify(both.link, mail.id, codeOf(mail.id))) ?? "")
    expect(await openedWith(both)).toBeNull()
    await send("POST", `${both.path}/unlock`, { body: "password=open+sesame" })
    expect(await openedWith(both)).not.toBeNull()
  })

  it("needs the password as well, after the code alone, and the ticket stands for both", async () => {
    const { link, path, shared } = await aVerifiedLink()
    await editShare(acting(shared.owner), shared.shareId, { password: "open sesame" })
    const { send, jar } = aClient()
    const unlock = () => send("POST", `${path}/unlock`, { body: "password=open+sesame" })
    const claim = () => send("POST", `${path}/claim`, { body: "{}" })
    await unlock()
    expect(JSON.parse(String((await claim()).body)).code).toBe("verify")
    expect(await db.event.count({ where: { kind: { in: ["unlock", "unlock_failed"] } } })).toBe(0)

    const { id } = await asked(link)
    jar.set("lapse-unlock", (await verify(link, id, codeOf(id))) ?? "")
    expect(JSON.parse(String((await claim()).body)).code).toBe("locked")
    await unlock()
    expect((await claim()).status).toBe(200)
    jar.delete("lapse-unlock")
    expect((await claim()).status).toBe(200)
  })

  it.each([
    [
      "is revoked and restored",
      async ({ shared, link }: Verified) => {
        await revokeLink(linkAt(shared, link.id))
        await restoreLink(linkAt(shared, link.id))
      },
    ],
    [
      "no longer needs a code, and then does again",
      async ({ shared, link }: Verified) => {
        await editLink(linkAt(shared, link.id), { verify: false })
        await editLink(linkAt(shared, link.id), { verify: true })
      },
    ],
  ])("asks for another code after it %s", async (_, change) => {
    const verified = await aVerifiedLink()
    const { link, path } = verified
    const { send, jar } = aClient()
    const { id } = await asked(link)
    jar.set("lapse-unlock", (await verify(link, id, codeOf(id))) ?? "")
    expect((await send("GET", `${path}/state`)).status).toBe(200)
    await change(verified)
    expect((await send("GET", `${path}/state`)).status).toBe(401)
  })
})

type Verified = Awaited<ReturnType<typeof aVerifiedLink>>

describe("a proof without a code", () => {
  it("is not to be had from a share that opens later", async () => {
    const { path, shared } = await aVerifiedLink()
    const { send, jar } = aClient()
    const starts = (startsAt: Date | null) =>
      editShare(acting(shared.owner), shared.shareId, { startsAt })
    await starts(inHours(1))
    await send("POST", `${path}/unlock`, { body: "password=" })
    expect(jar.get("lapse-unlock")).toBeUndefined()
    await starts(null)
    expect((await send("POST", `${path}/claim`, { body: "{}" })).status).toBe(401)
  })

  it("ends with the one that a code gave, whatever was unlocked since", async () => {
    const { link, shared } = await aVerifiedLink()
    await editShare(acting(shared.owner), shared.shareId, { password: "open sesame" })
    const { id } = await asked(link)
    const readUnlock = (value: string | null) =>
      readVisitorCookies((name) => (value && name === COOKIES.unlock ? value : undefined)).unlock
    const code = readUnlock(await verify(link, id, codeOf(id)))
    if (!code) throw new Error("the code was right")
    const unlock = { ...code, expiresAt: new Date(code.expiresAt.getTime() - 3_600_000) }
    const by = { publicId: publicIdOf(link), password: "open sesame", unlock, source }
    const both = readUnlock(await unlockLink({ ...by, address: anAddress() }))
    expect(both).toEqual({ ...unlock, isCode: false })
  })
})

describe("a code", () => {
  it("is right once, also at the same moment, and only for ten minutes", async () => {
    const { link } = await aVerifiedLink()
    const { id } = await asked(link)
    const all = await Promise.all(Array.from({ length: 10 }, () => verify(link, id, codeOf(id))))
    expect(all.filter((unlock) => unlock !== null)).toHaveLength(1)
    expect(await verify(link, id, codeOf(id))).toBeNull()

    const { id: old } = await asked(link)
    await db.$executeRaw`UPDATE mail SET created_at = created_at - interval '10 minutes'`
    expect(await verify(link, old, codeOf(old))).toBeNull()
  })

  it("is void after five wrong tries, however many are sent at once from 200 addresses", async () => {
    const { link, shared } = await aVerifiedLink()
    const { id } = await asked(link)
    const guesses = Array.from({ length: 200 }, () => verify(link, id, wrong(codeOf(id))))
    expect((await Promise.all(guesses)).every((unlock) => unlock === null)).toBe(true)
    expect(await db.mail.findMany({ select: { tries: true } })).toEqual([{ tries: 5 }])
    expect(await verify(link, id, codeOf(id))).toBeNull()
    expect((await recentGuesses(shared.shareId)).guesses).toBe(201)
  })

  it("of another browser's mail stays good while strangers guess with their own", async () => {
    const { link } = await aVerifiedLink()
    const [mine, theirs] = [await asked(link), await asked(link)]
    for (let n = 0; n < 6; n++) await verify(link, theirs.id, "000000")
    expect(await verify(link, null, codeOf(mine.id))).toBeNull()
    expect(await verify(link, theirs.id, codeOf(mine.id))).toBeNull()
    expect(await verify(link, mine.id, codeOf(mine.id))).not.toBeNull()
  })

  it("of another link, or of the address that the link had before, is wrong", async () => {
    const { link, shared } = await aVerifiedLink()
    const other = await aVerifiedLink()
    const { id } = await asked(other.link)
    expect(await verify(link, id, codeOf(id))).toBeNull()
    const open = await aRecipient(shared, "Bo")
    const mine = await asked(link)
    expect(await verify(open, mine.id, codeOf(mine.id))).toBeNull()

    const recipient = parse(Recipient, "Pia <pia@example.com>")
    const edited = await editLink(linkAt(shared, link.id), { recipient })
    expect(await verify(edited, mine.id, codeOf(mine.id))).toBeNull()
  })

  it("is mailed at most five times an hour to an address, and asked for twice by a network", async () => {
    const { link } = await aVerifiedLink()
    for (let n = 0; n < 8; n++) await asked(link)
    expect(server.mails).toHaveLength(5)
    const ask = () => askForCode({ publicId: publicIdOf(link), email: null, address: "192.0.2.1" })
    await Promise.all([ask(), ask()])
    await expect(ask()).rejects.toBeRefusal("too_many")
    const id = await askForCode({ publicId: newPublicId(), email: null, address: anAddress() })
    const job = { id, link: Buffer.from(publicIdOf(link)).toString("hex"), email: null }
    await db.attempt.deleteMany()
    await mailCode(job)
    await mailCode(job)
    expect(await db.mail.count({ where: { id } })).toBe(1)
  })

  it("leaves no mail to a recipient who is erased at the same moment", async () => {
    const { link, shared } = await aVerifiedLink()
    const job = { id: newId(), link: Buffer.from(publicIdOf(link)).toString("hex"), email: null }
    const both: Promise<void>[] = []
    await db.$transaction(async (tx) => {
      await tx.$executeRaw`LOCK TABLE mail IN EXCLUSIVE MODE`
      both.push(mailCode(job))
      await sleep(200)
      both.push(eraseLink(linkAt(shared, link.id)))
      await sleep(200)
    })
    await Promise.all(both)
    expect(await db.mail.count()).toBe(0)
  })
})

describe("a stranger who asks", () => {
  it("learns from no answer whether an address is the link's, or whether a link needs codes", async () => {
    const { link, path, shared } = await aVerifiedLink()
    const open = new URL((await aRecipient(shared, "Bo")).url).pathname
    const unknown = `/s/${linkToken(newPublicId())}`
    server.mails.splice(0)
    await db.$executeRaw`DELETE FROM graphile_worker._private_jobs`
    const answers = new Set<string>()
    const ask = async (at: string, email: string) => {
      const sent = await askVisitor({
        method: "POST",
        path: `${at}/code`,
        by: "person",
        body: new URLSearchParams({ email }).toString(),
      })
      const headers = sent.headers.map(
        ([name, value]) =>
          `${name}: ${value.replaceAll(at, "/s").replace(/=[^;]{20,}/, (text) => `=${text.length}`)}`,
      )
      answers.add(JSON.stringify([sent.status, headers, sent.body]))
    }
    for (const at of [path, open, unknown])
      for (const email of ["pia@example.org", "bo@example.org", "no address", "x".repeat(300)])
        await ask(at, email)
    expect([...answers]).toHaveLength(1)
    await runJobs()
    expect(server.mails.map(({ to }) => to)).toEqual([["pia@example.org"]])

    const tries = new Set<string>()
    for (const at of [path, open, unknown]) {
      const answer = await askVisitor({
        method: "POST",
        path: `${at}/verify`,
        by: "person",
        body: "code=123456",
      })
      tries.add(`${answer.status} ${headerOf(answer, "location")?.replace(at, "")}`)
    }
    expect([...tries]).toEqual(["303 ?error=code"])
    expect(link.verify).toBe(true)
  })
})
