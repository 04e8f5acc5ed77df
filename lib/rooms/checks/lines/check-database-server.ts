import "server-only"
import { checkDatabases } from "#lib/adapters/database/check-database.ts"
import { statement } from "#lib/adapters/database/statement.ts"
import { SetupError } from "#lib/adapters/errors.ts"
import type { Found } from "#lib/adapters/findings/finding.ts"

const selectServer = statement(
  "database_server",
  {},
  `SELECT split_part(current_setting('server_version'), ' ', 1) AS version,
     pg_database_size(current_database())::text AS bytes`,
)

/** Checks whether the database has what Lapse needs; reports its version and size. */
export async function checkDatabaseServer(): Promise<Found<"database">> {
  try {
    const [improvement] = await checkDatabases()
    const [row] = await selectServer<{ version: string; bytes: string }>({})
    const values = { version: row?.version ?? "", size: { bytes: Number(row?.bytes) } }
    if (!improvement) return { state: "ok", code: "ok", values }
    return { state: "warn", code: "improve", values: { ...values, improvement: `${improvement}.` } }
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    return { state: "fail", code: "refused", values: { problem: error.message } }
  }
}
