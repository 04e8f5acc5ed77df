import path from "node:path"
import { configuration } from "#lib/configuration.ts"
import { SetupError } from "#lib/errors.ts"
import { generateClient } from "#server/build/generate-client.ts"
import { requireBucket } from "#server/checks/check-bucket.ts"
import { checkDatabases } from "#server/checks/check-database.ts"
import { requireRunning } from "#server/configuration/data-directory.ts"
import { prepareConfiguration } from "#server/configuration/derive-configuration.ts"

/**
 * Finds the database and the bucket that npm start uses, the way it finds them. Throws a SetupError
 * where one of them cannot be used; lib/ may be loaded afterwards.
 */
export async function connect() {
  await connectDatabase()
  const { checkBucket } = await import("#lib/storage.ts")
  await requireBucket(checkBucket, configuration.S3_BUCKET, configuration.S3_ENDPOINT)
}

/** The same without the bucket. Returns sentences about what could be better. */
export async function connectDatabase(): Promise<string[]> {
  process.chdir(path.join(import.meta.dirname, "../.."))
  prepareConfiguration(requireRunning)
  await generateClient()
  return checkDatabases()
}

/** Throws a SetupError for a database that Lapse has not been started on. */
export async function requireTables() {
  const { pool } = await import("#lib/db.ts")
  const { rows } = await pool().query("SELECT to_regclass('object') IS NOT NULL AS exists")
  if (rows[0]?.exists) return
  throw new SetupError(
    "DATABASE_URL: that database has no tables of Lapse: start Lapse on it first.",
  )
}
