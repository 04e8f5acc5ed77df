import { afterEach, beforeEach, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { aMailServer } from "#testing/mail/with-mail.ts"
import { limitMail, spreadMail } from "./limit-mail.ts"

let server: Awaited<ReturnType<typeof aMailServer>>
beforeEach(async () => {
  server = await aMailServer()
})
afterEach(() => server.close())

it("counts a member's invitations and links to the same people at the same moment", async () => {
  const by = await aMember()
  for (let round = 0; round < 10; round++) {
    const emails = Array.from({ length: 40 }, (_, n) => `${round}-${n}@example.org`)
    const invited = { by, as: "member", emails: emails.slice(0, 3) } as const
    await Promise.all([
      db.$transaction((tx) => limitMail(tx, invited)),
      db.$transaction((tx) => spreadMail(tx, by, emails)),
      db.$transaction((tx) => limitMail(tx, invited)),
    ])
    const { attempts } = await db.attempt.findFirstOrThrow({ where: { purpose: "mail_by" } })
    expect(attempts).toBe(46)
    await db.attempt.deleteMany({ where: { purpose: "mail_by" } })
  }
})
