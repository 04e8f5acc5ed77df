import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { attempt } from "#lib/adapters/errors.ts"
import { parse } from "#lib/adapters/http/input.ts"
import { changeSettings } from "#lib/rooms/admin/change-settings.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { acting } from "#testing/builders/acting.ts"
import { headersOf, textsOf } from "#testing/mail/mail-server.ts"
import { aMailServer, withoutMail } from "#testing/mail/with-mail.ts"
import { runJobs } from "#testing/run-jobs.ts"
import { acceptInvite, findInvite } from "./accept-invite.ts"
import { InvitesInput } from "./invite.ts"
import { inviteByMember, inviteMember, inviteMembers, withdrawInvite } from "./invite-member.ts"
import { listInvites, listOwnInvites } from "./list-invites.ts"
import { previewInvites } from "./preview-invites.ts"
import { repeatInvite, repeatOwnInvite } from "./repeat-invite.ts"

const IVY = "ivy@example.org"
const ivy = { email: IVY, role: "member", mail: true } as const

let server: Awaited<ReturnType<typeof aMailServer>>
beforeEach(async () => {
  server = await aMailServer({
    onRecipient: (address) =>
      address.startsWith("gone") ? "550 5.1.1 Mailbox unavailable" : undefined,
  })
})
afterEach(() => server.close())

describe("an invitation by mail", () => {
  it("carries its link, is from its inviter, and works once", async () => {
    const admin = await anAdmin({ name: "Grace Hopper", email: "grace@example.org" })
    const { url, mail } = await inviteMember(admin, ivy)
    expect(mail).toMatchObject({ state: "queued", answer: null })
    await runJobs()

    const [taken] = server.mails
    if (!taken) throw new Error("nothing arrived")
    expect(taken.to).toEqual([IVY])
    expect(headersOf(taken).get("reply-to")).toBe("Grace Hopper <grace@example.org>")
    expect(headersOf(taken).get("subject")).toBe("Grace Hopper invited you to Lapse")
    const { plain, html } = textsOf(taken)
    expect(plain).toContain(url)
    expect(html).toContain(url)
    const token = url.split("/").at(-1) ?? ""
    const join = () => acceptInvite({ token, name: "Ivy", email: IVY, password: "a long password" })
    const joined = await Promise.allSettled([join(), join(), join()])
    expect(joined.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    expect(await findInvite(token)).toBeNull()
    expect(JSON.stringify(await db.mail.findMany())).not.toContain(token)
  })

  it("is in the language of its inviter, and mirrored in Arabic", async () => {
    const admin = await anAdmin({ name: "Grace Hopper" })
    await inviteMember(admin, { ...ivy, language: "ar" })
    await runJobs()

    const [mail] = server.mails
    if (!mail) throw new Error("nothing arrived")
    const { plain, html } = textsOf(mail)
    expect(html).toContain('<html lang="ar" dir="rtl">')
    expect(html).toContain("text-align:right")
    expect(plain).toContain("\u2068Grace Hopper\u2069")
    expect(headersOf(mail).get("subject")).toMatch(/\p{Script=Arabic}/u)
    expect(headersOf(mail).get("subject")).not.toMatch(/[\u2066-\u2069]/)
  })

  it("of a pasted list shows what the server says about each address", async () => {
    const admin = await anAdmin()
    const emails = [IVY, "gone@example.org"]
    await inviteMembers(admin, { emails, role: "member", quotaBytes: null, mail: true })
    await inviteMember(admin, { email: null, role: "member" })
    await runJobs()

    const listed = await listInvites(admin)
    expect(Object.fromEntries(listed.map(({ email, mail }) => [email, mail]))).toMatchObject({
      [IVY]: { state: "sent", answer: "250 queued as TEST" },
      "gone@example.org": { state: "failed", answer: "550 5.1.1 Mailbox unavailable" },
      null: null,
    })
    expect(await listOwnInvites(admin)).toHaveLength(3)
    expect(await listOwnInvites(await aMember())).toEqual([])
  })

  it("is copied and sent again by its inviter and by admins, with the same link", async () => {
    const [admin, member] = [await anAdmin(), await aMember()]
    const { id, url } = await inviteMember(admin, ivy)
    await runJobs()

    expect(await repeatInvite(admin, { id, mail: false })).toMatchObject({ id, url, mail: null })
    await repeatInvite(admin, { id, mail: true })
    await runJobs()
    expect(server.mails.map(({ to }) => to)).toEqual([[IVY], [IVY]])
    for (const mail of server.mails) expect(textsOf(mail).plain).toContain(url)
    const others = repeatOwnInvite(member, { id, mail: false })
    await expect(others).rejects.toBeRefusal("not_found")
    expect(await repeatOwnInvite(admin, { id, mail: false })).toMatchObject({ url })
    const { id: forAdmin } = await inviteMember(admin, { email: null, role: "admin" })
    const unconfirmed = repeatOwnInvite(admin, { id: forAdmin, mail: false })
    await expect(unconfirmed).rejects.toBeRefusal("not_found")

    await withdrawInvite(admin, id)
    await expect(repeatInvite(admin, { id, mail: false })).rejects.toBeRefusal("not_found")
  })

  it("is not sent once it was withdrawn", async () => {
    const admin = await anAdmin()
    const { id } = await inviteMember(admin, ivy)
    await withdrawInvite(admin, id)
    await runJobs()
    expect(server.mails).toEqual([])
  })

  it("is refused without an address, where there is no mail, and beyond five an hour to one address", async () => {
    const admins = [await anAdmin(), await anAdmin()]
    const [admin, other] = admins
    if (!admin || !other) throw new Error("there are two")
    await expect(inviteMember(admin, { ...ivy, email: null })).rejects.toBeRefusal("invalid", {
      field: "email",
    })
    const asked = await Promise.allSettled(
      Array.from({ length: 12 }, (_, n) => inviteMember(n % 2 ? admin : other, ivy)),
    )
    expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(5)
    const list = { emails: ["new@example.org", IVY], role: "member", quotaBytes: null } as const
    await expect(
      inviteMembers(admin, { ...list, emails: [...list.emails], mail: true }),
    ).rejects.toBeRefusal("too_many")
    expect(await db.invite.count()).toBe(5)
    // The refused list counted nothing for its other address.
    for (let time = 0; time < 5; time++) {
      await inviteMember(admin, { ...ivy, email: "new@example.org" })
    }

    withoutMail()
    await expect(inviteMember(admin, ivy)).rejects.toBeRefusal("not_allowed")
    expect((await inviteMember(admin, { ...ivy, mail: false })).url).toContain("/invite/")
  })
})

describe("an admin's mail", () => {
  it("is counted separately, so that members who invite cannot use its limit up", async () => {
    const [admin, member] = [await anAdmin(), await aMember()]
    await changeSettings(acting(admin), { inviters: "members" })
    const invite = () => inviteByMember(member, { email: IVY, mail: true })
    for (let time = 0; time < 5; time++) await invite()
    await expect(invite()).rejects.toBeRefusal("too_many")
    expect(await inviteMember(admin, ivy)).toMatchObject({ email: IVY })
  })

  it("goes to a list of 500 addresses, and to one of them at a time as the server takes it", async () => {
    const admin = await anAdmin()
    const list = Array.from({ length: 500 }, (_, n) => `"Surname, No ${n}" <no${n}@example.org>`)
    const input = InvitesInput.parse({ emails: list, mail: true })
    const made = await inviteMembers(admin, input)

    expect(made.map(({ email }) => email)).toEqual(list.map((_, n) => `no${n}@example.org`))
    expect(await listInvites(admin)).toHaveLength(500)
    const counts = await db.$queryRaw`
      SELECT (SELECT count(*)::int FROM mail WHERE kind = 'invite') AS mails,
        (SELECT count(*)::int FROM graphile_worker.jobs WHERE queue_name = 'mail') AS jobs,
        (SELECT count(*)::int FROM audit_entry WHERE action = 'invite.create') AS entries`
    expect(counts).toEqual([{ mails: 500, jobs: 500, entries: 500 }])
    const longer = { emails: [...list, "one@example.org"] }
    expect(attempt(() => parse(InvitesInput, longer))).toBeRefusal("invalid", {
      message: "emails: Enter at most 500 email addresses at a time.",
    })
  })
})

describe("previewInvites", () => {
  it("says what would happen to each address of a list, and changes nothing", async () => {
    const admin = await anAdmin()
    await aMember({ email: "ada@example.org" })
    await inviteMember(admin, { email: "bea@example.org", role: "member" })
    const before = await db.invite.count()

    expect(
      await previewInvites(
        admin,
        [
          '"Lovelace, Ada" <Ada@Example.org>',
          " bea@example.org",
          IVY,
          "IVY@example.org",
          "ask bea",
          "x@y.org>\r\nRCPT TO:<z@y.org",
          "jürgen@example.org",
          "jo@müller.example",
        ],
        "de",
      ),
    ).toEqual([
      { email: "ada@example.org", outcome: "member", problem: null },
      { email: "bea@example.org", outcome: "again", problem: null },
      { email: IVY, outcome: "new", problem: null },
      { email: "ask bea", outcome: "invalid", problem: expect.stringContaining("wie name@") },
      {
        email: "x@y.org>\r\nRCPT TO:<z@y.org",
        outcome: "invalid",
        problem: expect.stringContaining("wie name@"),
      },
      {
        email: "jürgen@example.org",
        outcome: "invalid",
        problem: expect.stringContaining("vor dem @ kein „ü“"),
      },
      {
        email: "jo@müller.example",
        outcome: "invalid",
        problem: expect.stringContaining("xn--mller-kva.example"),
      },
    ])
    expect(await db.invite.count()).toBe(before)
  })
})
