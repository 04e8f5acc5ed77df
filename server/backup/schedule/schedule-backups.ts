import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { NOT_AHEAD } from "#lib/adapters/database/backup-dates.ts"
import {
  BACKUP_SESSION,
  BACKUP_SESSION_LOCK,
  type BackupStep,
} from "#lib/adapters/database/backup-lock.ts"
import { DbClient } from "#lib/adapters/database/db-client.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { outageOf } from "#lib/adapters/outages/outage.ts"
import { logOutage } from "#lib/adapters/outages/outage-log.ts"
import { lastDue } from "#lib/rooms/checks/backups/due.ts"
import type { Manifest } from "../manifest.ts"
import { recordBackup, recordFailure } from "../records.ts"
import { nameOf, pruneBackups } from "./prune-backups.ts"
import { runBackup, type ScheduledBackup } from "./run-backup.ts"

const LOOK_MS = 60_000
const AGAIN_MS = 3_600_000
const LOCK_MS = 500

export type BackupPlan = {
  directory: string
  keep: number
  /** Whether to make a backup even if none is due. */
  isAsked?: boolean
  options: Omit<ScheduledBackup, "directory">
}

/**
 * Makes a backup each day after `start`, and at once if one is overdue. Retries a failed backup after
 * an hour. `makeNow` makes one unless one is running. Processes that share a database make only one.
 */
export function scheduleBackups(plan: BackupPlan) {
  const stopping = new AbortController()
  const { signal } = stopping
  let timer: NodeJS.Timeout | undefined
  let isLooking = false
  let notBefore = 0
  const look = async () => {
    if (isLooking || performance.now() < notBefore) return
    isLooking = true
    const made = await backUpIfDue(plan, signal).catch(() => "failed" as const)
    if (made === "failed") notBefore = performance.now() + AGAIN_MS
    isLooking = false
  }
  return {
    start() {
      timer = setInterval(look, LOOK_MS)
      timer.unref()
      void look()
    },
    async makeNow() {
      if (!signal.aborted) await backUpIfDue({ ...plan, isAsked: true }, signal)
    },
    stop() {
      clearInterval(timer)
      stopping.abort()
    },
  }
}

type Outcome = "made" | "not due" | "failed"

/** Makes a backup if one is due and no other process makes it, and removes old ones. */
export async function backUpIfDue(
  plan: BackupPlan,
  signal: AbortSignal,
  now = new Date(),
): Promise<Outcome> {
  const { databaseUrl } = plan.options
  const client = new DbClient({ connectionString: databaseUrl, application_name: BACKUP_SESSION })
  try {
    await client.connect()
    if (!(await takeLock(client, plan))) return "not due"
    if (!(await isNoneSince(client, plan.isAsked ? now : dueSince(now)))) return "not due"
    return await backUp(plan, { client, signal, now })
  } catch (error) {
    if (signal.aborted) return "failed"
    if (outageOf(error)) logOutage(error, "The backup is made when the database answers.")
    else log.error({ error }, "a scheduled backup failed")
    return outageOf(error) ? "not due" : "failed"
  } finally {
    await client.end().catch(() => {}) // which releases the lock
  }
}

/**
 * Taken first, so that its holder sees what the previous one recorded. A process that only checks
 * whether a backup is due holds it for a moment.
 */
async function takeLock(client: DbClient, { isAsked = false }: BackupPlan) {
  for (let tries = isAsked ? 5 : 1; tries > 0; tries--) {
    const { rows } = await client.query<{ taken: boolean }>(
      "SELECT pg_try_advisory_lock($1) AS taken",
      [BACKUP_SESSION_LOCK],
    )
    if (rows[0]?.taken) return true
    if (tries > 1) await sleep(LOCK_MS)
  }
  return false
}

/** The clocks of database and machine may differ a little. */
const dueSince = (now: Date) => new Date(Number(lastDue(now)) - 60_000)

async function isNoneSince(client: DbClient, since: Date) {
  const { rowCount } = await client.query(
    `SELECT FROM backup WHERE kind = 'scheduled' AND error IS NULL
       AND at >= $1::timestamptz AND ${NOT_AHEAD} LIMIT 1`,
    [since],
  )
  return rowCount === 0
}

type Running = { client: DbClient; signal: AbortSignal; now: Date }

async function backUp(plan: BackupPlan, { client, signal, now }: Running): Promise<Outcome> {
  const { databaseUrl } = plan.options
  const directory = path.join(plan.directory, nameOf(now))
  // view-backups.ts reads the current step from the name of the session.
  const say = (step: BackupStep) =>
    client
      .query("SELECT set_config('application_name', $1, false)", [`${BACKUP_SESSION} ${step}`])
      .catch(() => {})
  const answer = await runBackup({ ...plan.options, directory }, { signal, say })
  if (signal.aborted) return "failed"
  if ("problem" in answer) {
    log.error({ directory }, `The backup failed: ${answer.problem}`)
    await recordFailure(databaseUrl, { directory, problem: answer.problem })
    return "failed"
  }
  const { manifest, warnings } = answer
  for (const warning of warnings) log.warn(warning)
  await recordBackup(databaseUrl, { ...manifest, kind: "scheduled", directory })
  log.info({ directory, bytes: manifest.contents.bytes }, "made a backup")
  await prune(plan, manifest, client)
  return "made"
}

/** The newest tested backup stays, because it is known to be good. */
async function prune({ directory, keep }: BackupPlan, made: Manifest, client: DbClient) {
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM backup WHERE tried_at IS NOT NULL AND try_error IS NULL
     ORDER BY ${NOT_AHEAD} DESC, at DESC LIMIT 1`,
  )
  const removed = pruneBackups({ directory, keep, made, spared: rows[0]?.id ?? null })
  await client.query("DELETE FROM backup WHERE id = ANY($1)", [removed])
  if (removed.length > 0) log.info({ directory, count: removed.length }, "removed old backups")
}
