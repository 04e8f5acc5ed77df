import { pool } from "#lib/adapters/database.ts"

type Copy = { name: string; rows: string }

/**
 * Keeps every row of the database as it is now, as a backup does. The returned function puts them
 * back in place of the current rows; later changes are lost.
 */
export async function keepDatabase(): Promise<() => Promise<void>> {
  const { rows: tables } = await pool().query<{ name: string }>(
    `SELECT quote_ident(tablename) AS name FROM pg_tables
     WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'`,
  )
  const copies: Copy[] = []
  for (const { name } of tables) {
    const { rows } = await pool().query<{ rows: string }>(
      `SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]')::text AS rows FROM ${name} t`,
    )
    copies.push({ name, rows: rows[0]?.rows ?? "[]" })
  }
  return () => putBack(copies)
}

async function putBack(copies: Copy[]) {
  const client = await pool().connect()
  try {
    await client.query("BEGIN")
    // Without foreign keys, so the order does not matter.
    await client.query("SET LOCAL session_replication_role = replica")
    for (const { name, rows } of copies) {
      await client.query(`DELETE FROM ${name}`)
      await client.query(
        `INSERT INTO ${name} SELECT * FROM jsonb_populate_recordset(NULL::${name}, $1::jsonb)`,
        [rows],
      )
    }
    await client.query("COMMIT")
  } finally {
    client.release()
  }
}
