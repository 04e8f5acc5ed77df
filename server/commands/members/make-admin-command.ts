import { type Command, EXIT } from "#server/commands/command.ts"
import { connectDatabase, requireTables } from "#server/commands/connect.ts"
import { orSetupError } from "#server/commands/or-setup-error.ts"

export const makeAdmin: Command = {
  summary: "make a member an admin",
  usage: `lapse make-admin EMAIL

  Makes the member with this address an admin, for an installation whose admins are gone. It is
  written to the audit log.`,
  operand: "EMAIL",
  options: {},
  async run(_options, email) {
    await connectDatabase()
    const { makeAdmin: make } = await import("#lib/rooms/accounts/setup/make-admin.ts")
    const { disconnect } = await import("#lib/adapters/database.ts")
    try {
      await requireTables()
      const { name, wasAdmin } = await orSetupError(make(email))
      console.log(wasAdmin ? `${name} is an admin already.` : `${name} is an admin now.`)
      return EXIT.clean
    } finally {
      await disconnect()
    }
  },
}
