import "server-only"
import { z } from "zod"
import { configuration } from "#lib/adapters/configuration.ts"
import { NOT_AHEAD } from "#lib/adapters/database/backup-dates.ts"
import {
  BACKUP_SESSION,
  BACKUP_SESSION_LOCK,
  BACKUP_STEPS,
} from "#lib/adapters/database/backup-lock.ts"
import { db, rawSql } from "#lib/adapters/database.ts"
import { hostState } from "#lib/adapters/host/host-state.ts"
import type { AuditorId } from "#lib/rooms/accounts/member.ts"
import { nextDue } from "./due.ts"

/** The backups that this Lapse makes. Times are ISO 8601 UTC. */
export const BackupsView = z.strictObject({
  /**
   * `elsewhere`: nothing that a backup contains is on this machine; `not_set`: BACKUP_DIR is not
   * set; `waiting`: a requested backup has not begun or is about to end.
   */
  state: z.enum(["elsewhere", "not_set", "idle", "waiting", "running"]),
  /** The current step of the running backup. */
  step: z.enum(BACKUP_STEPS).nullable(),
  /** When that backup began. */
  since: z.iso.datetime().nullable(),
  /** The last scheduled or manual backup. */
  last: z.strictObject({ at: z.iso.datetime(), directory: z.string(), bytes: z.int() }).nullable(),
  /** When the next daily backup is due; null without BACKUP_DIR. */
  nextAt: z.iso.datetime().nullable(),
})
export type BackupsView = z.infer<typeof BackupsView>

type Row = { step: string | null; since: Date | null; isAsked: boolean }
type Made = { at: Date; directory: string; bytes: bigint }

/** Returns the last backup, the running one, and when the next is due. */
export async function viewBackups(_by: AuditorId, now = new Date()): Promise<BackupsView> {
  const [[row], [made]] = await Promise.all([
    db.$queryRaw<Row[]>`
      SELECT session.step, session.since,
        EXISTS (SELECT FROM graphile_worker.jobs
          WHERE task_identifier = 'backUp' AND attempts < max_attempts) AS "isAsked"
      FROM (SELECT) AS one LEFT JOIN (
        SELECT split_part(application_name, ' ', 2) AS step, backend_start AS since
        FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE locktype = 'advisory' AND granted AND objsubid = 1
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND (classid::bigint << 32) | objid::bigint = ${String(BACKUP_SESSION_LOCK)}::bigint
          AND application_name LIKE ${`${BACKUP_SESSION} %`}
      ) AS session ON true`,
    db.$queryRaw<Made[]>`
      SELECT at, directory, bytes FROM backup
      WHERE error IS NULL AND bytes IS NOT NULL AND ${rawSql(NOT_AHEAD)}
      ORDER BY at DESC LIMIT 1`,
  ])
  const step = BACKUP_STEPS.find((each) => each === row?.step) ?? null
  const isSet = configuration.BACKUP_DIR !== undefined
  return {
    state: stateOf({ isSet, isRunning: step !== null, isAsked: row?.isAsked ?? false }),
    step,
    since: step && row?.since ? row.since.toISOString() : null,
    last: made
      ? { at: made.at.toISOString(), directory: made.directory, bytes: Number(made.bytes) }
      : null,
    nextAt: isSet ? nextDue(now).toISOString() : null,
  }
}

type Situation = { isSet: boolean; isRunning: boolean; isAsked: boolean }

function stateOf({ isSet, isRunning, isAsked }: Situation): BackupsView["state"] {
  if (isRunning) return "running"
  if (!hostState().disk) return "elsewhere"
  if (!isSet) return "not_set"
  return isAsked ? "waiting" : "idle"
}
