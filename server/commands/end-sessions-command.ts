import { randomUUID } from "node:crypto"
import { configuration } from "#lib/adapters/configuration.ts"
import { type Command, EXIT } from "#server/commands/command.ts"
import { connect, withTables } from "#server/commands/connect.ts"

export const endSessions: Command = {
  summary: "sign everyone out, as a restored database of your own needs",
  usage: `lapse end-sessions [--revoke-open]

  Ends every session, ticket and unlocked password, also those from after the backup, and has the
  next start give the files in the bucket the colours that the database says. Sets the head of the
  audit log in the bucket to the end of the restored one. Run it when a database of your own
  (DATABASE_URL) was restored, before Lapse starts on it; after lapse restore the start
  does it. --revoke-open revokes every open share too.`,
  options: { "revoke-open": { type: "boolean" } },
  async run({ "revoke-open": revokesOpen }) {
    await connect()
    const { settleRestore } = await import("#lib/rooms/shares/bulk/settle-restore.ts")
    return withTables(async () => {
      await updateTables()
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
    })
  },
}

/** Applies migrations, because a restored database may be of an older version. */
async function updateTables() {
  const { migrate } = await import("#prisma/migrate.ts")
  const { installQueue } = await import("#lib/rooms/jobs/install-queue.ts")
  const url = configuration.DATABASE_DIRECT_URL ?? configuration.DATABASE_URL
  await migrate(url)
  await installQueue(url)
}
