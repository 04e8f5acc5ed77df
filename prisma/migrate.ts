import { createHash, randomUUID } from "node:crypto"
import fs from "node:fs"
import path from "node:path"
import { DbClient } from "#lib/database/db-client.ts"
import { SetupError } from "#lib/errors.ts"
import { watchConnection } from "./watch-connection.ts"

const MIGRATIONS = path.join(import.meta.dirname, "migrations")
const LOCK = 7_203_541_196 // an arbitrary number that only Lapse's migrations use

export type Migration = { name: string; sql: string; checksum: string }

/**
 * Applies the missing migrations and returns their names. Each migration is one transaction
 * together with its row in Prisma's own `_prisma_migrations`, under an advisory lock: a crash
 * leaves it applied or not at all, and any number of processes may run this at once.
 */
export async function migrate(url: string, migrations = readMigrations()): Promise<string[]> {
  const client = new DbClient({ connectionString: url, application_name: "lapse-migrate" })
  let stopWatching = () => {}
  try {
    await client.connect()
    stopWatching = await watchConnection(client, url)
    const applied: string[] = []
    for (;;) {
      const name = await applyNext(client, migrations)
      if (!name) return applied
      applied.push(name)
    }
  } finally {
    stopWatching()
    await client.end()
  }
}

async function applyNext(client: DbClient, migrations: Migration[]) {
  await client.query("BEGIN")
  try {
    await client.query("SET LOCAL statement_timeout = 0")
    await client.query("SET LOCAL lock_timeout = 0")
    await client.query("SELECT pg_advisory_xact_lock($1)", [LOCK])
    const next = missing(migrations, await listApplied(client))[0]
    if (next) {
      await client.query(next.sql)
      await client.query(
        `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
         VALUES ($1, $2, $3, clock_timestamp(), 1)`,
        [randomUUID(), next.checksum, next.name],
      )
    }
    await client.query("COMMIT")
    return next?.name
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

/**
 * Returns the missing migrations. Refuses a database that another version has written, because a
 * guess could lose data.
 */
function missing(migrations: Migration[], applied: Map<string, string>) {
  const known = new Set(migrations.map(({ name }) => name))
  const unknown = [...applied.keys()].find((name) => !known.has(name))
  if (unknown) {
    throw new SetupError(
      `The database is newer than this version of Lapse (it knows the migration ${unknown}): start the newer version.`,
    )
  }
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

export function readMigrations(): Migration[] {
  if (!fs.existsSync(MIGRATIONS)) return []
  return fs
    .readdirSync(MIGRATIONS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const sql = fs.readFileSync(path.join(MIGRATIONS, name, "migration.sql"), "utf8")
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}
