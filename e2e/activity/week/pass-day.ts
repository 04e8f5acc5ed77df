import { expect } from "@playwright/test"
import type { Installation } from "../../installation/start-installation.ts"

/**
 * Makes everything that has happened a day older. The charts are empty until `countHours`, as on an
 * installation whose jobs have not run yet.
 */
export async function passDay({ query }: Installation) {
  for (const statement of A_DAY_LATER) await query(statement)
}

/** Runs the jobs that count events by hour, which otherwise run every few minutes. */
export async function countHours({ query }: Installation) {
  for (const job of ["rollUpShares", "rollUp"])
    await query("SELECT graphile_worker.add_job($1, '{}'::json)", [job])
  const counted =
    "SELECT count(*)::int AS jobs FROM rollup WHERE until > now() - interval '2 hours'"
  await expect.poll(async () => (await query<{ jobs: number }>(counted))[0]?.jobs).toBe(2)
}

const earlier = (table: string, columns: string[]) =>
  `UPDATE ${table} SET ${columns.map((column) => `${column} = ${column} - interval '1 day'`)}`

const A_DAY_LATER = [
  "BEGIN",
  // A job that is running ends first, and the next one waits.
  "LOCK TABLE rollup IN EXCLUSIVE MODE",
  "DELETE FROM rollup",
  "DELETE FROM share_hour",
  "DELETE FROM activity_hour",
  // On the next day a visitor counts as a new one.
  `UPDATE event SET at = at - interval '1 day',
    visitor = substring(sha256(visitor || 'a day later'::bytea) FROM 1 FOR 16)`,
  earlier("share", ["created_at", "starts_at", "expires_at", "revoked_at", "exposed_until"]),
  earlier("file", ["created_at", "ready_at", "deleted_at"]),
  earlier("share_file", ["added_at", "removed_at"]),
  earlier("link", ["created_at"]),
  earlier("claim", ["at"]),
  earlier("attempt", ["window_end_at"]),
  "COMMIT",
]
