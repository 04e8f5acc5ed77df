import path from "node:path"
import { configuration } from "#lib/adapters/configuration.ts"
import { checkDatabases } from "#lib/adapters/database/usable/check-database.ts"
import { SetupError } from "#lib/adapters/errors.ts"
import { generateClient } from "#server/build/generate-client.ts"
import { requireBucket } from "#server/checks/check-bucket.ts"
import { requireRunning } from "#server/configuration/data-directory.ts"
import {
  prepareConfiguration,
  type ServerConfiguration,
} from "#server/configuration/derive-configuration.ts"

/**
 * Connects to the database and the bucket that npm start uses. Throws a SetupError if one of them
 * cannot be used; lib/ may be imported afterwards.
 */
export async function connect(): Promise<ServerConfiguration> {
  const server = await prepareCommand()
  await checkDatabases()
  const { checkBucket } = await import("#lib/adapters/storage.ts")
  await requireBucket(checkBucket, configuration.S3_BUCKET, configuration.S3_ENDPOINT)
  return server
}

/**
 * Connects to the database that npm start uses. Returns sentences about possible improvements.
 * Throws a SetupError if it cannot be used; lib/ may be imported afterwards.
 */
export async function connectDatabase(): Promise<string[]> {
  await prepareCommand()
  return checkDatabases()
}

/** Reads the settings that npm start uses, so that lib/ can be imported; connects to nothing. */
export async function prepareCommand(): Promise<ServerConfiguration> {
  process.chdir(path.join(import.meta.dirname, "../.."))
  const server = prepareConfiguration(requireRunning)
  await generateClient()
  return server
}

/** Throws a SetupError if Lapse has never been started on the database. */
export async function requireTables() {
  const { pool } = await import("#lib/adapters/database.ts")
  const { rows } = await pool().query("SELECT to_regclass('object') IS NOT NULL AS exists")
  if (rows[0]?.exists) return
  throw new SetupError(
    "DATABASE_URL: that database has no tables of Lapse: start Lapse on it first.",
  )
}
