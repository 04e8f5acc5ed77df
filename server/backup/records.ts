import { DbClient } from "#lib/adapters/database/db-client.ts"
import type { Manifest } from "./manifest.ts"

const ANSWER_MS = 10_000

/** Runs `work` on a separate connection to the database of a running Lapse. */
export async function onDatabase<Result>(
  url: string,
  work: (client: DbClient) => Promise<Result>,
): Promise<Result> {
  const client = new DbClient({
    connectionString: url,
    application_name: "lapse-backup",
    answerTimeoutMillis: ANSWER_MS,
  })
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}

type Made = Pick<Manifest, "id" | "takenAt" | "contents"> & {
  kind: "manual" | "scheduled"
  directory: string
}

export const recordBackup = (url: string, { id, kind, directory, takenAt, contents }: Made) =>
  onDatabase(url, (client) =>
    client.query(
      "INSERT INTO backup (id, kind, directory, at, bytes) VALUES ($1, $2, $3, $4, $5)",
      [id, kind, directory, takenAt, contents.bytes],
    ),
  )

type Failed = { directory: string; problem: string }

/** Records a scheduled backup that failed. Deletes failures that are older than 30 days. */
export const recordFailure = (url: string, { directory, problem }: Failed) =>
  onDatabase(url, async (client) => {
    await client.query(
      "DELETE FROM backup WHERE error IS NOT NULL AND at < now() - interval '30 days'",
    )
    await client.query(
      `INSERT INTO backup (id, kind, directory, at, error)
       VALUES (gen_random_uuid(), 'scheduled', $1, clock_timestamp(), $2)`,
      [directory, problem],
    )
  })

type Tried = Pick<Manifest, "id" | "takenAt"> & {
  directory: string
  /** Why the backup cannot be used; null if the test passed. */
  problem: string | null
}

/**
 * Records that a backup was tested. If the database does not know the backup, for example because
 * another installation made it, the new row has no size and does not count as a backup made here.
 */
export const recordTry = (url: string, { id, directory, takenAt, problem }: Tried) =>
  onDatabase(url, (client) =>
    client.query(
      `INSERT INTO backup (id, kind, directory, at, tried_at, try_error)
       VALUES ($1, 'manual', $2, $3, clock_timestamp(), $4)
       ON CONFLICT (id) DO UPDATE SET
         tried_at = excluded.tried_at, try_error = excluded.try_error`,
      [id, directory, takenAt, problem],
    ),
  )
