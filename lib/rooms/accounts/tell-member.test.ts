import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { MailContent } from "#lib/rooms/mail/mail.ts"
import { writeMessage } from "#lib/rooms/mail/write-message.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { acting, actingAdmin } from "#testing/builders/a-session.ts"
import { aPasskey } from "#testing/builders/factors/a-passkey.ts"
import { aSecondFactor } from "#testing/builders/factors/a-second-factor.ts"
import { mailBy, withoutMail } from "#testing/mail/with-mail.ts"
import { HOUR } from "#testing/units.ts"
import { changeCredentials } from "./change-credentials.ts"
import { removePasskey, removePasskeysOf } from "./passkeys/remove-passkey.ts"
import { makeRecoveryCodes } from "./second-factor/recovery-codes.ts"
import { removeSecondFactors } from "./second-factor/remove-second-factors.ts"
import { spendCode } from "./second-factor/spend-code.ts"
import { tellMember } from "./tell-member.ts"

/** The messages that wait to be sent, in their order. */
async function messages() {
  const mails = await db.mail.findMany({ orderBy: { id: "asc" } })
  return Promise.all(
    mails.map(async (mail) => {
      const message = await writeMessage(MailContent.parse(mail), mail)
      return { to: mail.toAddress, subject: message?.subject, text: message?.text ?? "" }
    }),
  )
}

describe("a member", () => {
  beforeEach(() => mailBy(1)) // no test waits for mail to be sent
  afterEach(withoutMail)

  it("is told by mail of every change of passkeys and second factor, and who made it", async () => {
    const memberId = await aMember({ email: "ada@example.org" })
    const admin = await anAdmin({ name: "Grace Hopper" })
    const { passkey } = await aPasskey(memberId, "Phone")
    const { recoveryCodes } = await aSecondFactor(memberId)
    await spendCode({ memberId, code: recoveryCodes[0] ?? "" })
    await makeRecoveryCodes(await acting(memberId))
    await removePasskey(await acting(memberId), passkey.id)
    await aPasskey(memberId, "Laptop")
    await removePasskeysOf(await actingAdmin(admin), memberId)
    await removeSecondFactors(memberId)

    const [first, ...more] = await messages()
    expect(first?.to).toBe("ada@example.org")
    expect(first?.subject).toBe("8 changes to your account at Lapse")
    expect(more).toEqual([])
    const text = first?.text ?? ""
    expect(text.match(/^.*(added|set up|used|New|removed).*$/gm)).toEqual([
      "Passkey added: Phone",
      "Authenticator app set up",
      "Recovery code used",
      "New recovery codes",
      "Passkey removed: Phone",
      "Passkey added: Laptop",
      "Your passkeys were removed",
      "Authenticator app removed",
    ])
    expect(text).toContain("This change was made to your account (ada@example.org)")
    expect(text).toContain("If this wasn’t you")
    expect(text).toContain("Grace Hopper did this for your account")
    expect(text).toContain("The operator of the server did this")
    for (const code of recoveryCodes) expect(text).not.toContain(code)
    expect((await db.passkey.findMany()).length).toBe(0)
  })

  it("gets one mail at once and one at the end of an hour, however many changes run at once", async () => {
    const memberId = await aMember({ email: "ada@example.org" })
    const change = () =>
      changeCredentials({ by: null, of: memberId }, (tx) =>
        tellMember(tx, { memberId, actorId: memberId, what: "passkey_add", name: "Phone" }),
      )
    await change()
    expect((await messages()).map(({ subject }) => subject)).toEqual([
      "A passkey was added to your account at Lapse",
    ])
    await Promise.all(Array.from({ length: 6 }, change))
    expect((await messages()).map(({ subject }) => subject)).toEqual([
      "7 changes to your account at Lapse",
    ])

    const sentAt = new Date()
    await db.mail.updateMany({ data: { attempts: 1, sentAt } })
    await Promise.all(Array.from({ length: 60 }, change))
    const [, later] = await messages()
    expect(later?.subject).toBe("60 changes to your account at Lapse")
    expect(later?.text).toContain("10 more changes aren’t listed here.")
    expect(await db.mail.count()).toBe(2)
    const jobs = await db.$queryRaw<{ runAt: Date }[]>`
      SELECT run_at AS "runAt" FROM graphile_worker.jobs ORDER BY run_at`
    expect(jobs).toHaveLength(2)
    expect(Number(jobs[1]?.runAt) - Number(sentAt)).toBe(HOUR)
  })

  it("is not told where there is no mail, and the change is made", async () => {
    withoutMail()
    await aPasskey(await aMember())

    expect([await db.mail.count(), await db.passkey.count()]).toEqual([0, 1])
  })
})
