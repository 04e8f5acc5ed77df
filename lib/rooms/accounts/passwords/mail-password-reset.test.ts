import fs from "node:fs"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { editMember } from "#lib/rooms/accounts/edit-member.ts"
import { changeLanguage } from "#lib/rooms/accounts/profile/change-language.ts"
import { findSessionMember } from "#lib/rooms/accounts/sign-in/session.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { actingAdmin, aSession } from "#testing/builders/a-session.ts"
import { headersOf, textsOf } from "#testing/mail/mail-server.ts"
import { aMailServer, withoutMail } from "#testing/mail/with-mail.ts"
import { runJobs } from "#testing/run-jobs.ts"
import { HOUR, MINUTE } from "#testing/units.ts"
import { askForPasswordReset, mailPasswordReset } from "./mail-password-reset.ts"
import { makePasswordReset } from "./make-password-reset.ts"
import { findPasswordReset, resetPassword } from "./reset-password.ts"

const ADA = "ada@example.org"
const NEW = "an entirely different sentence"

let server: Awaited<ReturnType<typeof aMailServer>>
beforeEach(async () => {
  server = await aMailServer()
})
afterEach(() => server.close())

/** Asks for a reset link as a stranger does, and returns the tokens in the mails that follow. */
async function mailedTokens(email = ADA): Promise<string[]> {
  const before = server.mails.length
  await askForPasswordReset(email, "en")
  await runJobs()
  return server.mails
    .slice(before)
    .map((mail) => /\/reset\/([\w-]{43})/.exec(textsOf(mail).plain)?.[1] ?? "")
}

describe("a forgotten password", () => {
  it("is replaced by a mailed link, which works once and ends every session and other link", async () => {
    const member = await aMember({ email: ADA })
    const session = await aSession(member)
    const [first = ""] = await mailedTokens()
    const [second = ""] = await mailedTokens()
    const { url } = await makePasswordReset({ by: null, member: { id: await aMember() } })
    expect(first).not.toBe(second)

    const claims = await Promise.allSettled(
      Array.from({ length: 6 }, (_, n) => resetPassword(n % 2 ? first : second, NEW)),
    )
    expect(claims.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    expect(await findSessionMember(session)).toBeNull()
    for (const token of [first, second]) {
      expect(await findPasswordReset(token)).toBeNull()
      await expect(resetPassword(token, NEW)).rejects.toBeRefusal("gone")
    }
    expect(await findPasswordReset(url.split("/").at(-1) ?? "")).not.toBeNull()
  })

  it("has a link for 30 minutes, of which the database and the queue hold only the hash", async () => {
    await aMember({ email: ADA })
    const [token = ""] = await mailedTokens()
    const found = await findPasswordReset(token)
    const minutes = ((found?.expiresAt.getTime() ?? 0) - Date.now()) / MINUTE
    expect(minutes).toBeGreaterThan(29)
    expect(minutes).toBeLessThanOrEqual(30)
    const [mail] = server.mails
    if (!mail) throw new Error("nothing arrived")
    expect(headersOf(mail).get("reply-to")).toBeUndefined()

    await askForPasswordReset(ADA, "en")
    const tables = [
      await db.passwordReset.findMany(),
      await db.mail.findMany(),
      await db.auditEntry.findMany({ select: { details: true, action: true } }),
      await db.$queryRaw`SELECT payload FROM graphile_worker._private_jobs`,
    ]
    expect(JSON.stringify(tables)).not.toContain(token)
    await db.passwordReset.updateMany({ data: { expiresAt: new Date(Date.now() - 1000) } })
    await expect(resetPassword(token, NEW)).rejects.toBeRefusal("gone")
  })

  it("makes no mail for an address without a member, or of a disabled one", async () => {
    const off = await aMember({ email: "off@example.org" })
    await editMember(await anAdmin(), off, { disabled: true })
    for (const email of ["nobody@example.org", "off@example.org"]) {
      expect(await mailedTokens(email)).toEqual([])
    }
    expect(await db.mail.count()).toBe(0)
  })

  it("makes at most five mails an hour for one member, whoever asks, also at once", async () => {
    const member = await aMember({ email: ADA })
    await Promise.all(
      Array.from({ length: 20 }, () => mailPasswordReset({ email: ADA, origin: null })),
    )
    expect(await db.passwordReset.count({ where: { memberId: member } })).toBe(5)
    await runJobs()
    expect(server.mails).toHaveLength(5)
    expect(await db.auditEntry.count({ where: { action: "member.reset_mail" } })).toBe(5)

    await db.$executeRaw`UPDATE password_reset SET created_at = now() - interval '61 minutes'`
    expect(await mailedTokens()).toHaveLength(1)
  })

  it("leaves the link of an admin valid when strangers ask", async () => {
    const member = await aMember({ email: ADA })
    const { url } = await makePasswordReset({
      by: await actingAdmin(await anAdmin()),
      member: { id: member },
    })
    await mailedTokens()
    expect(await findPasswordReset(url.split("/").at(-1) ?? "")).not.toBeNull()
  })

  it("is in the language that the member chose, else in that of the browser that asked", async () => {
    const member = await aMember({ email: ADA })
    const subjects = async () => {
      server.mails.length = 0
      await askForPasswordReset(ADA, "fr")
      await runJobs()
      return server.mails.map((mail) => headersOf(mail).get("subject"))
    }
    const words = (language: string) =>
      JSON.parse(fs.readFileSync(`messages/${language}/mail.json`, "utf8")).reset.subject
    const subject = (language: string) => words(language).replace("{brand}", "Lapse")

    expect(await subjects()).toEqual([subject("fr")])
    await changeLanguage(member, "de")
    expect(await subjects()).toEqual([subject("de")])
  })

  it("is mailed by an admin, from the admin, with a link for a day", async () => {
    const member = await aMember({ email: ADA })
    const admin = await anAdmin({ name: "Grace", email: "grace@example.org" })
    const by = await actingAdmin(admin)
    const { url, expiresAt } = await makePasswordReset({ by, member: { id: member }, mail: true })
    await runJobs()
    const [mail] = server.mails
    if (!mail) throw new Error("nothing arrived")
    expect(headersOf(mail).get("reply-to")).toBe("Grace <grace@example.org>")
    expect(textsOf(mail).plain).toContain(url)
    expect((Date.parse(expiresAt) - Date.now()) / HOUR).toBeGreaterThan(23)
  })

  it("is not mailed once its link ended, or where there is no mail", async () => {
    await aMember({ email: ADA })
    await mailPasswordReset({ email: ADA, origin: null })
    await db.passwordReset.updateMany({ data: { endedAt: new Date() } })
    await runJobs()
    expect(server.mails).toEqual([])
    withoutMail()
    await expect(askForPasswordReset(ADA, "en")).rejects.toBeRefusal("not_allowed")
  })
})
