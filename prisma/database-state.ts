import type { DbClient } from "#lib/adapters/database/db-client.ts"

/** The version and the last migration of a database. */
export type DatabaseState = {
  /** The version of Lapse that last started on it; null if unknown. */
  version: string | null
  /** The last migration; null for a new database. */
  migration: string | null
}

/** Reads the version of Lapse that last started on a database, which may be empty. */
export async function readVersion(client: Pick<DbClient, "query">): Promise<string | null> {
  const { rows: tables } = await client.query<{ exists: boolean }>(
    "SELECT to_regclass('installation') IS NOT NULL AS exists",
  )
  if (!tables[0]?.exists) return null
  // The column is missing in databases of 0.1.0.
  const { rows } = await client.query<{ version: string | null }>(
    "SELECT to_jsonb(installation)->>'data_version' AS version FROM installation",
  )
  return rows[0]?.version ?? null
}
