import { createHash, randomUUID } from "node:crypto"
import fs from "node:fs"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { DbClient } from "#lib/adapters/database/db-client.ts"
import { SetupError } from "#lib/adapters/errors.ts"
import { isLockTimeout } from "#lib/adapters/outages/outage.ts"
import { type DatabaseState, readVersion } from "./database-state.ts"
import { watchConnection } from "./watch-connection.ts"

const MIGRATIONS = path.join(import.meta.dirname, "migrations")
const LOCK = 7_203_541_196 // an arbitrary number that only Lapse's migrations use
const PAUSE_MS = 1_000

export type Migration = { name: string; sql: string; checksum: string }

type Options = {
  migrations?: Migration[]
  /** Called with a description of each step. */
  say?: (line: string) => void
  /** Called from time to time with the progress of a long migration. */
  progress?: (detail: string) => void
  /** Called under the lock, once, before the first of the missing migrations. */
  before?: (state: DatabaseState) => Promise<void>
  /** Returns instructions for going back to a version that knows only these migrations. */
  howToGoBack?: (known: ReadonlySet<string>) => string
}

/**
 * Applies the missing migrations and returns their names. Each migration and its row in Prisma's
 * `_prisma_migrations` are one transaction under an advisory lock. A crash leaves it applied or not
 * at all, and any number of processes may run this at once.
 */
export async function migrate(url: string, options: Options = {}): Promise<string[]> {
  const { say = () => {}, progress = () => {} } = options
  const client = new DbClient({ connectionString: url, application_name: "lapse-migrate" })
  let stopWatching = () => {}
  try {
    await client.connect()
    stopWatching = await watchConnection(client, url, progress)
    await takeLock(client, say)
    return await applyMissing(client, { ...options, say })
  } finally {
    stopWatching()
    await client.end() // which releases the lock
  }
}

async function takeLock(client: DbClient, say: (line: string) => void) {
  await client.query("SET statement_timeout = 0")
  await client.query("SET lock_timeout = 0")
  const { rows } = await client.query<{ taken: boolean }>(
    "SELECT pg_try_advisory_lock($1) AS taken",
    [LOCK],
  )
  if (rows[0]?.taken) return
  say("Waiting for another process that prepares the tables")
  await client.query("SELECT pg_advisory_lock($1)", [LOCK])
}

type Applying = Options & { say: (line: string) => void }

async function applyMissing(client: DbClient, options: Applying): Promise<string[]> {
  const { migrations = readMigrations(), say, before, howToGoBack } = options
  const applied = await listApplied(client)
  await refuseNewer(client, { migrations, applied, howToGoBack })
  const missing = missingOf(migrations, applied)
  if (missing.length > 0)
    await before?.({ version: await readVersion(client), migration: lastOf(applied) })
  for (const [index, migration] of missing.entries()) {
    if (applied.size > 0) say(`Preparing the tables (${index + 1} of ${missing.length})`)
    await applyUnlocked(client, migration, say)
  }
  return missing.map(({ name }) => name)
}

/**
 * Applies it as soon as no other session is in its way. The version before serves meanwhile, and its
 * statements queue behind each lock that a migration waits for; both could wait for each other too.
 * So a migration waits for a lock for less than PostgreSQL's `deadlock_timeout`, a second, lets all
 * that waited go first, and begins again.
 */
async function applyUnlocked(client: DbClient, migration: Migration, say: Applying["say"]) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await apply(client, migration)
    } catch (error) {
      if (!isLockTimeout(error)) throw error
      if (attempt === 10) say("Waiting for another session that uses the tables, such as a dump")
      await sleep(PAUSE_MS)
    }
  }
}

async function apply(client: DbClient, { name, sql, checksum }: Migration) {
  await client.query("BEGIN")
  try {
    await client.query("SET LOCAL lock_timeout = '300ms'")
    await client.query(sql)
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    )
    await client.query("COMMIT")
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {})
    throw error
  }
}

async function listApplied(client: DbClient) {
  // The table that Prisma's own tools read: https://github.com/prisma/prisma-engines,
  // sql_schema_connector.
  await client.query(`
    CREATE TABLE IF NOT EXISTS _prisma_migrations (
      id varchar(36) PRIMARY KEY,
      checksum varchar(64) NOT NULL,
      finished_at timestamptz,
      migration_name varchar(255) NOT NULL,
      logs text,
      rolled_back_at timestamptz,
      started_at timestamptz NOT NULL DEFAULT now(),
      applied_steps_count integer NOT NULL DEFAULT 0
    )`)
  const { rows } = await client.query<{ name: string; checksum: string }>(
    `SELECT migration_name AS name, checksum FROM _prisma_migrations
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  )
  return new Map(rows.map(({ name, checksum }) => [name, checksum]))
}

type Known = {
  howToGoBack: Options["howToGoBack"] | undefined
  migrations: Migration[]
  applied: ReadonlyMap<string, string>
}

/** Refuses a database that a newer version has changed, because a guess could lose data. */
async function refuseNewer(client: DbClient, { migrations, applied, howToGoBack }: Known) {
  const known = new Set(migrations.map(({ name }) => name))
  const unknown = [...applied.keys()].find((name) => !known.has(name))
  if (!unknown) return
  const version = await readVersion(client)
  const newer = version ? `Lapse ${version}` : "the newer version"
  const back =
    howToGoBack?.(known) ??
    "To go back to this version, restore a backup of the database from before the update."
  throw new SetupError(
    `The database is newer than this version of Lapse (it knows the migration ${unknown}): start ${newer}. ${back}`,
  )
}

function missingOf(migrations: Migration[], applied: ReadonlyMap<string, string>) {
  const edited = migrations.find(
    ({ name, checksum }) => (applied.get(name) ?? checksum) !== checksum,
  )
  if (edited) {
    throw new SetupError(
      `The migration ${edited.name} was changed after it was applied to this database: restore its file and put the change into a new migration.`,
    )
  }
  return migrations.filter(({ name }) => !applied.has(name))
}

const lastOf = (applied: ReadonlyMap<string, string>) => [...applied.keys()].sort().at(-1) ?? null

export function readMigrations(directory = MIGRATIONS): Migration[] {
  if (!fs.existsSync(directory)) return []
  return fs
    .readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const sql = fs.readFileSync(path.join(directory, name, "migration.sql"), "utf8")
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}
