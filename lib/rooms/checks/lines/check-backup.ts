import "server-only"
import { existsSync } from "node:fs"
import { configuration } from "#lib/adapters/configuration.ts"
import { AHEAD_SECONDS } from "#lib/adapters/database/backup-dates.ts"
import { databaseTime } from "#lib/adapters/database/time.ts"
import { db } from "#lib/adapters/database.ts"
import type { Found } from "#lib/adapters/findings/finding.ts"
import { hostState } from "#lib/adapters/host/host-state.ts"

const HOUR_MS = 3_600_000
/** A day, and the time that a backup may take. A backup is too old after this many hours. */
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

/** Returns the time after which a backup counts as dated in the future. */
const latest = async () => new Date(Number(await databaseTime()) + AHEAD_SECONDS * 1000)

/** The row of a backup that was only tested has no size. */
const made = { error: null, bytes: { not: null } }

const findMade = (until: Date) =>
  db.backup.findFirst({ where: { ...made, at: { lte: until } }, orderBy: { at: "desc" }, select })

/** Checks whether there is a recent backup, and if not, why. */
export async function checkBackup(): Promise<Found<"backup">> {
  if (!hostState().disk) return { state: "skipped", code: "elsewhere" }
  const until = await latest()
  const ahead = await findAhead(until)
  if (ahead) return { state: "fail", code: "ahead", values: ahead }
  const newest = await findMade(until)
  const last = await db.backup.findFirst({
    where: { at: { lte: until }, OR: [made, { error: { not: null } }] },
    orderBy: { at: "desc" },
    select,
  })
  const isScheduled = configuration.BACKUP_DIR !== undefined
  if (isScheduled && last?.error) {
    const values = { at: last.at.toISOString(), problem: last.error }
    return { state: "fail", code: newest ? "failed" : "failed_never", values }
  }
  if (!newest) return { state: "warn", code: isScheduled ? "soon" : "not_set" }
  const { at, directory, kind } = newest
  const values = { at: at.toISOString(), directory }
  const isOld = Number(until) - Number(at) > OLD_HOURS * HOUR_MS
  if (isOld && !isScheduled) return { state: "warn", code: "by_hand", values }
  if (isOld) return { state: "fail", code: "old", values: { ...values, hours: OLD_HOURS } }
  // A backup that was made manually may have been moved.
  if (kind === "scheduled" && !existsSync(directory)) return { state: "fail", code: "gone", values }
  return { state: "ok", code: "ok", values }
}

/** Finds a backup that is dated in the future and still exists. */
async function findAhead(until: Date) {
  const rows = await db.backup.findMany({ where: { ...made, at: { gt: until } }, select })
  const found = rows.find(({ directory }) => existsSync(directory))
  return found && { at: found.at.toISOString(), directory: found.directory }
}

/** Checks whether a backup was tested (`lapse restore --try`) in the last months. */
export async function checkBackupTried(): Promise<Found<"backup_tried">> {
  const until = await latest()
  const newest = await findMade(until)
  const tried = await db.backup.findFirst({
    where: { triedAt: { lte: until } },
    orderBy: { triedAt: "desc" },
    select,
  })
  if (!newest && !tried) return { state: "skipped", code: "none" }
  const directory = (newest ?? tried)?.directory ?? ""
  if (!tried?.triedAt) return { state: "warn", code: "never", values: { directory } }
  const values = { at: tried.at.toISOString(), tried: tried.triedAt.toISOString(), directory }
  if (tried.tryError)
    return { state: "fail", code: "failed", values: { ...values, problem: tried.tryError } }
  if (Number(until) - Number(tried.triedAt) > TRIED_DAYS * 24 * HOUR_MS)
    return { state: "warn", code: "old", values: { ...values, days: TRIED_DAYS } }
  return { state: "ok", code: "ok", values }
}
