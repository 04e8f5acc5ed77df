import { type Command, EXIT } from "#server/commands/command.ts"
import { connectDatabase, withTables } from "#server/commands/connect.ts"

export const resetPassword: Command = {
  summary: "print a link by which a member chooses a new password",
  usage: `lapse reset-password EMAIL [--remove-second-factor]

  Prints a link by which the member with this address chooses a new password, once and within 24
  hours. Until then the old one works. It is written to the audit log.

  --remove-second-factor  also remove the authenticator app, the recovery codes and the passkeys of
                          this member right now, for an admin who lost them`,
  operand: "EMAIL",
  options: { "remove-second-factor": { type: "boolean" } },
  async run(options, email) {
    await connectDatabase()
    const { makePasswordReset } = await import(
      "#lib/rooms/accounts/passwords/make-password-reset.ts"
    )
    return withTables(async () => {
      const made = await makePasswordReset({ by: null, member: { email } })
      if (options["remove-second-factor"]) {
        const { removeSecondFactors } = await import(
          "#lib/rooms/accounts/second-factor/remove-second-factors.ts"
        )
        const removed = await removeSecondFactors(made.member.id)
        console.log(removed ? "The second factors were removed." : "There was no second factor.")
      }
      console.log(`${made.member.name} chooses a new password at\n\n  ${made.url}\n`)
      console.log(`The link works once, until ${made.expiresAt}.`)
      return EXIT.clean
    })
  },
}
