import path from "node:path"
import { configuration } from "#lib/adapters/configuration.ts"
import { checkDatabases } from "#lib/adapters/database/check-database.ts"
import { Refusal, SetupError } from "#lib/adapters/errors.ts"
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
 * Connects to the database that npm start uses. Returns suggestions for its configuration. Throws a
 * SetupError if it cannot be used; lib/ may be imported afterwards.
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

/**
 * Runs the work of a command on a database that has the tables of Lapse, and closes the
 * connections. A refusal becomes a SetupError, which the command line prints without a stack.
 */
export const withTables = <Result>(work: () => Promise<Result>): Promise<Result> =>
  withDatabase(async () => {
    await requireTables()
    return work()
  })

/** Runs work on a database that may lack the tables or not answer. Otherwise as `withTables`. */
export async function withDatabase<Result>(work: () => Promise<Result>): Promise<Result> {
  const { disconnect } = await import("#lib/adapters/database.ts")
  try {
    return await work()
  } catch (error) {
    throw error instanceof Refusal ? new SetupError(error.message, { cause: error }) : error
  } finally {
    await disconnect()
  }
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
