import { randomUUID } from "node:crypto"
import { type Command, EXIT } from "./command.ts"
import { connect, requireTables } from "./connect.ts"

export const endSessions: Command = {
  usage: `npm run lapse -- end-sessions [--revoke-open]

  Ends every session, ticket and unlocked password, also those from after the backup. Run it when a
  database of your own (DATABASE_URL) was restored, before Lapse starts on it; after
  npm run lapse -- restore the start does it. --revoke-open revokes every open share too.`,
  options: { "revoke-open": { type: "boolean" } },
  async run({ "revoke-open": revokesOpen }) {
    await connect()
    const { settleRestore } = await import("#lib/shares/settle-restore.ts")
    const { disconnect } = await import("#lib/db.ts")
    try {
      await requireTables()
      const revoke = revokesOpen ? ("open" as const) : []
      const { revoked } = await settleRestore({
        id: randomUUID(),
        takenAt: null,
        revoke,
        disable: [],
      })
      const shares = revokesOpen ? ` ${revoked} shares are revoked.` : ""
      console.log(`Every session, ticket and unlocked password has ended.${shares}`)
      return EXIT.clean
    } finally {
      await disconnect()
    }
  },
}
