import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { parse } from "#lib/adapters/http/input.ts"
import { sendMail } from "#lib/rooms/mail/send-mail.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { aRecipient, linkAt } from "#testing/builders/a-recipient.ts"
import { aTeam } from "#testing/builders/a-team.ts"
import { aToken } from "#testing/builders/a-token.ts"
import { acting } from "#testing/builders/acting.ts"
import { aSharedFile, type SharedFile } from "#testing/builders/shared-file.ts"
import { callApi } from "#testing/call-api.ts"
import { headersOf, type TakenMail, textsOf } from "#testing/mail/mail-server.ts"
import { aMailServer } from "#testing/mail/with-mail.ts"
import { runJobs } from "#testing/run-jobs.ts"
import { editShare } from "../edit/edit-share.ts"
import { editLink } from "./edit-link.ts"
import { eraseLink } from "./erase-recipients.ts"
import { Recipient } from "./link.ts"
import { mailLink } from "./mail-links.ts"
import { requireLink } from "./read-links.ts"
import { revokeLink } from "./revoke-link.ts"

let server: Awaited<ReturnType<typeof aMailServer>>
beforeEach(async () => {
  server = await aMailServer()
})
afterEach(() => server.close())

const PIA = "Pia Phone <pia@example.org>"

/** The mails that the server takes meanwhile. */
async function mailed(work: () => Promise<unknown> = async () => {}): Promise<TakenMail[]> {
  const before = server.mails.length
  await work()
  await runJobs()
  return server.mails.slice(before)
}
const linkOf = ({ owner, shareId }: SharedFile, id: string) =>
  requireLink({ owner, shareId, kind: "share" }, id)
const send = (shared: SharedFile, body: unknown) =>
  callApi("POST /shares/{id}/links/batch", { as: shared.owner, id: shared.shareId, body })

describe("a link", () => {
  it("is mailed to its recipient, from the brand, with the sender's name, message and address for replies", async () => {
    const shared = await aSharedFile()
    const { name, email } = await db.member.findUniqueOrThrow({ where: { id: shared.owner } })
    await editShare(acting(shared.owner), shared.shareId, { title: "The plans" })
    const [mail, ...others] = await mailed(() =>
      send(shared, { recipients: [PIA], message: "Look at page 3", language: "en" }),
    )
    if (!mail) throw new Error("there is a mail")
    expect(others).toEqual([])
    expect(mail.to).toEqual(["pia@example.org"])
    const headers = headersOf(mail)
    expect(headers.get("subject")).toBe(`${name} sent you The plans`)
    expect(headers.get("reply-to")).toContain(email)
    const [link] = (await db.link.findMany({ where: { open: false } })).map(({ id }) => id)
    const { url, mail: state } = await linkOf(shared, link ?? "")
    expect(textsOf(mail).plain).toContain(url)
    expect(textsOf(mail).plain).toContain("> Look at page 3")
    expect(state).toMatchObject({ state: "sent" })
  })

  it("of a team is mailed by the person who acts for it, or by its service account, which gets no replies", async () => {
    const shared = await aSharedFile()
    const pia = await aMember({ name: "Pia", email: "pia@example.com" })
    const team = await aTeam({ name: "Accounting", slug: "accounting", manager: pia })
    const { token } = await aToken(team, ["shares:write"])
    await db.share.update({ where: { id: shared.shareId }, data: { ownerId: team } })
    await mailed() // that there is a token
    const sent = async (by: { as: string | null; headers: Record<string, string> }, to: string) => {
      const body = { recipients: [to], language: "en" }
      const at = "POST /shares/{id}/links/batch"
      const [mail] = await mailed(() => callApi(at, { id: shared.shareId, body, ...by }))
      if (!mail) throw new Error("there is a mail")
      return { headers: headersOf(mail), text: textsOf(mail).plain }
    }
    const hers = await sent({ as: pia, headers: { "lapse-team": "accounting" } }, "a@example.org")
    expect(hers.headers.get("subject")).toContain("Pia (Accounting)")
    expect(hers.headers.get("reply-to")).toContain("pia@example.com")
    const bearer = { authorization: `Bearer ${token}` }
    const service = await sent({ as: null, headers: bearer }, "b@example.org")
    expect(service.headers.get("reply-to")).toBeUndefined()
    expect(service.text).toContain("Accounting sent you this link")
    expect(service.text).not.toContain("@invalid")
  })

  it("is mailed in the language that was chosen, or else in the sender's", async () => {
    const shared = await aSharedFile()
    await db.member.update({ where: { id: shared.owner }, data: { language: "fr" } })
    const [own] = await mailed(() => send(shared, { recipients: [PIA] }))
    const [chosen] = await mailed(() =>
      send(shared, { recipients: ["bo@example.org"], language: "es" }),
    )
    expect(textsOf(own as TakenMail).plain).toContain("vous a envoyé")
    expect(textsOf(chosen as TakenMail).plain).toContain("te ha enviado")
  })

  it("is not mailed if its owner does not want it, or it has no address, and not named behind a password", async () => {
    const shared = await aSharedFile()
    expect(await mailed(() => send(shared, { recipients: [PIA], mail: false }))).toEqual([])
    expect(await mailed(() => send(shared, { recipients: ["Bo"] }))).toEqual([])
    const secret = { title: "Secret plans", password: "open sesame" }
    await editShare(acting(shared.owner), shared.shareId, secret)
    const [mail] = await mailed(() => send(shared, { recipients: ["al@example.org"] }))
    expect(mail?.raw).not.toContain("Secret")
  })

  it("cannot put headers into its mail by names, titles or messages", async () => {
    const shared = await aSharedFile()
    await db.member.update({
      where: { id: shared.owner },
      data: { name: "Ada\r\nBcc: spy@example.com" },
    })
    await db.share.update({
      where: { id: shared.shareId },
      data: { title: "x\r\nBcc: spy@example.com\r\n\r\nHello" },
    })
    const mails = await mailed(() =>
      send(shared, {
        recipients: ["Pia\r\nBcc: spy@example.com <pia@example.org>"],
        message: "\r\n.\r\nMAIL FROM:<spy@example.com>",
      }),
    )
    expect(mails.map(({ to }) => to)).toEqual([["pia@example.org"]])
    expect(headersOf(mails[0] as TakenMail).has("bcc")).toBe(false)
  })

  it("is mailed again at most once a day, as a reminder, and never when it is revoked or erased", async () => {
    const shared = await aSharedFile()
    const pia = await aRecipient(shared, PIA)
    await mailed()
    const remind = () => mailLink(linkAt(shared, pia.id), { message: "Again" })
    await expect(remind()).rejects.toBeRefusal("too_many", {
      message: "This link was mailed in the last 24 hours. Try again in 24 hours.",
    })
    await db.$executeRaw`UPDATE mail SET created_at = created_at - interval '25 hours'`
    const raced = await mailed(() => Promise.allSettled([remind(), remind(), remind()]))
    expect(raced.map((mail) => headersOf(mail).get("subject"))).toEqual([
      expect.stringMatching(/^Reminder: /),
    ])

    await db.$executeRaw`UPDATE mail SET created_at = created_at - interval '25 hours'`
    await revokeLink(linkAt(shared, pia.id))
    await expect(remind()).rejects.toBeRefusal("conflict")
    await eraseLink(linkAt(shared, pia.id))
    await expect(remind()).rejects.toBeRefusal("not_found")
  })

  it("that ends before its mail is sent is not mailed, and another address gets another mail", async () => {
    const shared = await aSharedFile()
    const [pia, bo] = [await aRecipient(shared, PIA), await aRecipient(shared, "bo@example.org")]
    await revokeLink(linkAt(shared, pia.id))
    const recipient = parse(Recipient, "bo@example.com")
    const mails = await mailed(() => editLink(linkAt(shared, bo.id), { recipient }))
    expect(mails.map(({ to }) => to)).toEqual([["bo@example.com"]])
    expect(textsOf(mails[0] as TakenMail).plain).toContain((await linkOf(shared, bo.id)).url)
  })

  it("shows what the mail server answered", async () => {
    await server.close()
    server = await aMailServer({ onRecipient: () => "550 5.1.1 No such user" })
    const shared = await aSharedFile()
    const pia = await aRecipient(shared, PIA)
    await mailed()
    expect((await linkOf(shared, pia.id)).mail).toMatchObject({
      state: "failed",
      answer: expect.stringContaining("No such user"),
    })
  })
})

describe("a member", () => {
  it("mails at most 500 links an hour and the others later, to an address at most five, whatever makes them", async () => {
    const owner = await aMember()
    const add = async (shared: SharedFile, typed: string[]) => {
      const answer = await send({ ...shared, owner }, { recipients: typed })
      return answer.status
    }
    const shared = await aSharedFile({ owner })
    for (let n = 0; n < 5; n++)
      expect(await add(await aSharedFile({ owner }), ["pia@example.org"])).toBe(201)
    expect(await add(await aSharedFile({ owner }), ["pia@example.org"])).toBe(429)
    const batches = Array.from({ length: 6 }, (_, batch) =>
      add(
        shared,
        Array.from({ length: 90 }, (__, n) => `p${batch}-${n}@example.org`),
      ),
    )
    expect(await Promise.all(batches)).toEqual(Array(6).fill(201))
    expect(await db.link.count({ where: { open: false } })).toBe(545)

    const waiting = () => db.mail.findMany({ where: { waitsUntil: { not: null } } })
    const [first, ...others] = await waiting()
    if (!first) throw new Error("expected mails that wait")
    expect(1 + others.length).toBe(45)
    const { mail } = await linkOf({ ...shared, owner }, first.targetId ?? "")
    const inSeconds = (Date.parse(mail?.at ?? "") - Date.now()) / 1000
    expect(inSeconds).toBeGreaterThan(3_000)
    expect(inSeconds).toBeLessThan(3_601)

    await sendMail(first.id)
    expect(await waiting()).toHaveLength(45) // the hour is not over
    await db.attempt.updateMany({
      where: { purpose: "mail_by" },
      data: { windowEndAt: new Date() },
    })
    await Promise.all([first, first, ...others].map(({ id }) => sendMail(id)))

    expect(await waiting()).toEqual([])
    const counted = await db.attempt.findMany({ where: { purpose: "mail_by" } })
    expect(counted.map(({ attempts }) => attempts)).toEqual([45])
  })

  it("lets no more than 5,000 mails of a member wait", async () => {
    const owner = await aMember()
    const shared = await aSharedFile({ owner })
    await send({ ...shared, owner }, { recipients: ["pia@example.org"] })
    await db.attempt.updateMany({ where: { purpose: "mail_by" }, data: { attempts: 500 } })
    await db.$executeRaw`
      INSERT INTO mail (id, kind, to_address, values, waits_until, counts_for, until)
      SELECT gen_random_uuid(), 'shared', 'x@example.org', '{}', now(), ${owner}::uuid, now() + interval '1 day'
      FROM generate_series(1, 4999)`

    const statuses = []
    for (const who of ["ada", "bo"]) {
      const answer = await send({ ...shared, owner }, { recipients: [`${who}@example.org`] })
      statuses.push(answer.status)
    }

    expect(statuses).toEqual([201, 429])
  })
})
