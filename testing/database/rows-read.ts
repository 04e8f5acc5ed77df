import pg from "pg"
import { configuration } from "#lib/adapters/configuration.ts"
import { disconnect } from "#lib/adapters/database.ts"

/**
 * Returns how many rows of tables and entries of indexes some work reads. A connection reports what
 * it read when it ends, so all of them are ended before and after.
 */
export async function rowsRead(work: () => Promise<unknown>): Promise<number> {
  const client = new pg.Client({
    connectionString: configuration.DATABASE_DIRECT_URL ?? configuration.DATABASE_URL,
  })
  await client.connect()
  try {
    const before = await total(client)
    await work()
    return (await total(client)) - before
  } finally {
    await client.end()
  }
}

async function total(client: pg.Client): Promise<number> {
  await disconnect()
  const others = `SELECT count(*)::int AS count FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'lapse%' AND pid <> pg_backend_pid()`
  for (;;) {
    const { rows } = await client.query<{ count: number }>(others)
    if (rows[0]?.count === 0) break
  }
  const { rows } = await client.query<{ read: string }>(
    `SELECT (SELECT sum(seq_tup_read) FROM pg_stat_user_tables)
       + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes) AS read`,
  )
  return Number(rows[0]?.read)
}
