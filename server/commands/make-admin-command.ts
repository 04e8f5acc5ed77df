import { type Command, EXIT } from "#server/commands/command.ts"
import { connectDatabase, withTables } from "#server/commands/connect.ts"

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
    const { name, wasAdmin } = await withTables(() => make(email))
    console.log(wasAdmin ? `${name} is an admin already.` : `${name} is an admin now.`)
    return EXIT.clean
  },
}
