import { pool } from "#lib/adapters/database.ts"

/**
 * Returns a digest of the rows of each table, to compare with a later one. Leaves out the attempts
 * that limits count and the key of a day's visits, which refused calls write too.
 */
export async function digestDatabase(): Promise<Record<string, string>> {
  const { rows: tables } = await pool().query<{ name: string }>(
    `SELECT relname AS name FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
       AND relname NOT IN ('attempt', 'visitor_key')`,
  )
  const digests = tables.map(
    ({ name }) =>
      `SELECT '${name}' AS name, md5(string_agg(t::text, ' ' ORDER BY t::text)) AS digest FROM "${name}" t`,
  )
  const { rows } = await pool().query<{ name: string; digest: string | null }>(
    digests.join(" UNION ALL "),
  )
  return Object.fromEntries(rows.map(({ name, digest }) => [name, digest ?? ""]))
}
