import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { db } from "#lib/db.ts"
import { MailContent } from "#lib/mail/mail.ts"
import { writeMessage } from "#lib/mail/write-message.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { acting, actingAdmin } from "#testing/builders/a-session.ts"
import { aPasskey } from "#testing/builders/factors/a-passkey.ts"
import { aSecondFactor } from "#testing/builders/factors/a-second-factor.ts"
import { mailBy, withoutMail } from "#testing/mail/with-mail.ts"
import { removePasskey, removePasskeysOf } from "./passkeys/remove-passkey.ts"
import { makeRecoveryCodes } from "./second-factor/recovery-codes.ts"
import { removeSecondFactors } from "./second-factor/remove-second-factors.ts"
import { spendCode } from "./second-factor/spend-code.ts"

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
  beforeEach(() => mailBy(1)) // no test waits for its mail
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

    const sent = await messages()
    expect(sent.map(({ subject }) => subject)).toEqual([
      "A passkey was added to your account at Lapse",
      "An authenticator app was set up for your account at Lapse",
      "A recovery code was used for your account at Lapse",
      "New recovery codes for your account at Lapse",
      "A passkey was removed from your account at Lapse",
      "A passkey was added to your account at Lapse",
      "A passkey was removed from your account at Lapse",
      "The authenticator app was removed from your account at Lapse",
    ])
    expect(new Set(sent.map(({ to }) => to))).toEqual(new Set(["ada@example.org"]))
    expect(sent[0]?.text).toContain("This happened in your account, ada@example.org")
    expect(sent[0]?.text).toContain("If this wasn’t you")
    expect(sent[6]?.text).toContain("Grace Hopper did this for your account")
    expect(sent[7]?.text).toContain("The operator of the server did this")
    for (const { text } of sent) for (const code of recoveryCodes) expect(text).not.toContain(code)
    expect((await db.passkey.findMany()).length).toBe(0)
  })

  it("is not told where there is no mail, and the change is made", async () => {
    withoutMail()
    await aPasskey(await aMember())

    expect([await db.mail.count(), await db.passkey.count()]).toEqual([0, 1])
  })
})
