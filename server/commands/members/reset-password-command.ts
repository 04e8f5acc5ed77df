import { type Command, EXIT } from "#server/commands/command.ts"
import { connectDatabase, requireTables } from "#server/commands/connect.ts"
import { orSetupError } from "#server/commands/or-setup-error.ts"

export const resetPassword: Command = {
  summary: "print a link by which a member chooses a new password",
  usage: `lapse reset-password EMAIL

  Prints a link by which the member with this address chooses a new password, once and within 24
  hours. Until then the old one works. It is written to the audit log.`,
  operand: "EMAIL",
  options: {},
  async run(_options, email) {
    await connectDatabase()
    const { makePasswordReset } = await import("#lib/accounts/passwords/make-password-reset.ts")
    const { disconnect } = await import("#lib/db.ts")
    try {
      await requireTables()
      const made = await orSetupError(makePasswordReset({ by: null, member: { email } }))
      console.log(`${made.member.name} chooses a new password at\n\n  ${made.url}\n`)
      console.log(`The link works once, until ${made.expiresAt}.`)
      return EXIT.clean
    } finally {
      await disconnect()
    }
  },
}
