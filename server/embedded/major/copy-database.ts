import { pipeline } from "node:stream/promises"
import { from as copyFrom, to as copyTo } from "pg-copy-streams"
import { DbClient } from "#lib/adapters/database/db-client.ts"
import { SetupError } from "#lib/adapters/errors.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import { listTables, requireSameTables, type Table } from "./list-tables.ts"

const SAY_EVERY_MS = 15_000

type Copy = {
  /** The URL of the database to read, and of the one to fill, which has the same tables. */
  from: string
  to: string
  /** Called from time to time with the progress. */
  progress?: (detail: string) => void
}

/**
 * Replaces the rows of `to` with the rows of `from` by binary COPY, sets the sequences, and
 * compares the row counts. `from` cannot be written until `done` has run.
 */
export async function copyDatabase<Result>(
  { from, to, progress = () => {} }: Copy,
  done: () => Promise<Result>,
): Promise<Result> {
  const [source, target] = [from, to].map(
    (connectionString) => new DbClient({ connectionString, application_name: "lapse-move" }),
  )
  if (!source || !target) throw new Error("there are two databases")
  try {
    await Promise.all([source.connect(), target.connect()])
    const tables = await lockTables(source)
    await createPartitions(target, tables)
    requireSameTables(tables, await listTables(target))
    await copyRows(source, target, { tables, progress })
    await requireSameCounts(source, target, tables)
    await target.query("VACUUM (ANALYZE)")
    return await done()
  } finally {
    await Promise.all([source.end(), target.end()])
  }
}

/** Lists the tables, and locks them against other writers until this connection ends. */
async function lockTables(source: DbClient) {
  const { rowCount } = await source.query("SELECT FROM pg_largeobject_metadata LIMIT 1")
  if (rowCount) {
    throw new SetupError(
      "The database has large objects, which Lapse does not use: move what is yours to a database of its own, and start again.",
    )
  }
  const names = (await listTables(source)).map(({ name }) => name)
  // Locks are first, because the first statement after them takes the snapshot.
  await source.query("BEGIN ISOLATION LEVEL REPEATABLE READ")
  await source.query(`LOCK TABLE ${names.join(", ")} IN SHARE MODE`)
  return listTables(source)
}

async function createPartitions(target: DbClient, tables: Table[]) {
  const there = new Set((await listTables(target)).map(({ name }) => name))
  for (const { name, partition } of tables) {
    if (!partition || there.has(name)) continue
    await target.query(`CREATE TABLE ${name} PARTITION OF ${partition.parent} ${partition.bound}`)
  }
}

type Rows = { tables: Table[]; progress: (detail: string) => void }

async function copyRows(source: DbClient, target: DbClient, { tables, progress }: Rows) {
  const total = tables.reduce((sum, { bytes }) => sum + bytes, 0)
  let copied = 0
  const timer = setInterval(
    () => progress(`${formatBytes(copied)} of about ${formatBytes(Math.max(total, copied))}`),
    SAY_EVERY_MS,
  )
  try {
    await target.query("BEGIN")
    // No triggers or foreign keys: rows written by triggers are copied too, and all keys are valid.
    await target.query("SET LOCAL session_replication_role = replica")
    await target.query(`TRUNCATE ${tables.map(({ name }) => name).join(", ")}`)
    for (const { name, columns } of tables) {
      const how = "(FORMAT binary)"
      await pipeline(
        source.query(copyTo(`COPY ${name} (${columns}) TO STDOUT ${how}`)),
        async function* (chunks: AsyncIterable<Buffer>) {
          for await (const chunk of chunks) {
            copied += chunk.length
            yield chunk
          }
        },
        target.query(copyFrom(`COPY ${name} (${columns}) FROM STDIN ${how}`)),
      )
    }
    await copySequences(source, target)
    await target.query("COMMIT")
  } finally {
    clearInterval(timer)
  }
}

async function copySequences(source: DbClient, target: DbClient) {
  const { rows } = await source.query<{ name: string }>(
    "SELECT format('%I.%I', schemaname, sequencename) AS name FROM pg_sequences",
  )
  for (const { name } of rows) {
    const { rows: states } = await source.query<{ last_value: string; is_called: boolean }>(
      `SELECT last_value, is_called FROM ${name}`,
    )
    const [state] = states
    await target.query("SELECT setval($1::regclass, $2, $3)", [
      name,
      state?.last_value,
      state?.is_called,
    ])
  }
}

async function requireSameCounts(source: DbClient, target: DbClient, tables: Table[]) {
  for (const { name } of tables) {
    const [here, there] = [await countOf(source, name), await countOf(target, name)]
    if (here === there) continue
    throw new Error(`${there} of ${here} rows of ${name} arrived`)
  }
}

const countOf = async (client: DbClient, name: string) =>
  (await client.query<{ count: string }>(`SELECT count(*) FROM ${name}`)).rows[0]?.count
