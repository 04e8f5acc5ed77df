import "server-only"
import { existsSync } from "node:fs"
import type { Found } from "#lib/checks/finding.ts"
import { configuration } from "#lib/configuration.ts"
import { databaseTime } from "#lib/database/time.ts"
import { db } from "#lib/db.ts"
import { hostState } from "#lib/host/host-state.ts"

const HOUR_MS = 3_600_000
/** A day, and the time that a backup may take. */
const OLD_HOURS = 36
const TRIED_DAYS = 90

const select = {
  at: true,
  kind: true,
  directory: true,
  error: true,
  triedAt: true,
  tryError: true,
} as const

const findMade = () =>
  db.backup.findFirst({ where: { error: null }, orderBy: { at: "desc" }, select })

/** Whether there is a recent backup, or why there is none. */
export async function checkBackup(): Promise<Found<"backup">> {
  if (!hostState().disk) return { state: "skipped", code: "elsewhere" }
  const made = await findMade()
  const last = await db.backup.findFirst({ orderBy: { at: "desc" }, select })
  const isScheduled = configuration.BACKUP_DIR !== undefined
  if (isScheduled && last?.error) {
    const values = { at: last.at.toISOString(), problem: last.error }
    return { state: "fail", code: made ? "failed" : "failed_never", values }
  }
  if (!made) return { state: "warn", code: isScheduled ? "soon" : "not_set" }
  const { at, directory, kind } = made
  const values = { at: at.toISOString(), directory }
  const isOld = Number(await databaseTime()) - Number(at) > OLD_HOURS * HOUR_MS
  if (isOld && !isScheduled) return { state: "warn", code: "by_hand", values }
  if (isOld) return { state: "fail", code: "old", values: { ...values, hours: OLD_HOURS } }
  // A backup that was made by hand may have been moved.
  if (kind === "scheduled" && !existsSync(directory)) return { state: "fail", code: "gone", values }
  return { state: "ok", code: "ok", values }
}

/** Whether a backup was started as a test in the last months. */
export async function checkBackupTried(): Promise<Found<"backup_tried">> {
  const made = await findMade()
  if (!made) return { state: "skipped", code: "none" }
  const tried = await db.backup.findFirst({
    where: { triedAt: { not: null } },
    orderBy: { triedAt: "desc" },
    select,
  })
  const { directory } = made
  if (!tried?.triedAt) return { state: "warn", code: "never", values: { directory } }
  const values = { at: tried.at.toISOString(), tried: tried.triedAt.toISOString(), directory }
  if (tried.tryError)
    return { state: "fail", code: "failed", values: { ...values, problem: tried.tryError } }
  const age = Number(await databaseTime()) - Number(tried.triedAt)
  if (age > TRIED_DAYS * 24 * HOUR_MS)
    return { state: "warn", code: "old", values: { ...values, days: TRIED_DAYS } }
  return { state: "ok", code: "ok", values }
}
