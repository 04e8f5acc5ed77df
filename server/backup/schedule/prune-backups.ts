import fs from "node:fs"
import path from "node:path"
import { SetupError } from "#lib/adapters/errors.ts"
import { removeLeftover } from "../backup-target.ts"
import { BACKUP_LOCK, findManifest, type Manifest } from "../manifest.ts"

const NAME = /^lapse-\d{8}T\d{6}Z$/
/** A leftover is only removed when it is older than this, because a backup may just be starting. */
const BEGINNING_MS = 60_000
const LEFTOVER = /^lapse-\d{8}T\d{6}Z\.partial$/

/** The name of a scheduled backup that begins now. */
export const nameOf = (now: Date) =>
  `lapse-${now.toISOString().replace(/[-:]/g, "").replace(/\.\d+/, "")}`

type Pruning = {
  directory: string
  keep: number
  /** The backup that was just made. It stays, and only backups of its installation are removed. */
  made: Pick<Manifest, "id" | "installationId" | "takenAt">
  /** The id of a backup that is kept however old it is. */
  spared: string | null
}

/**
 * Removes all but the newest scheduled backups of this installation, and the remains of killed
 * backups. Removes nothing else. A backup that is dated after the one just made counts as the
 * oldest, because the clock was wrong when it was made. Returns the ids of the removed backups.
 */
export function pruneBackups({ directory, keep, made, spared }: Pruning): string[] {
  const names = fs.readdirSync(directory)
  for (const name of names.filter((name) => LEFTOVER.test(name))) clean(path.join(directory, name))
  const own = names
    .filter((name) => NAME.test(name))
    .map((name) => ({ name, manifest: findManifest(path.join(directory, name)) }))
    .flatMap(({ name, manifest }) => (manifest ? [{ name, ...manifest }] : []))
    .filter(({ installationId = "" }) => installationId === made.installationId)
    .sort((a, b) => (isNewer(a, b, made.takenAt) ? -1 : 1))
  const removed = own.slice(keep).filter(({ id }) => id !== spared && id !== made.id)
  for (const { name } of removed) remove(path.join(directory, name))
  return removed.flatMap(({ id }) => id ?? [])
}

type Dated = Pick<Manifest, "takenAt">

function isNewer(a: Dated, b: Dated, now: string) {
  const [isAAhead, isBAhead] = [a.takenAt > now, b.takenAt > now]
  return isAAhead === isBAhead ? a.takenAt > b.takenAt : isBAhead
}

function clean(leftover: string) {
  try {
    removeLeftover(leftover)
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
  }
  if (fs.existsSync(leftover)) removeIfEmpty(leftover)
}

/** Removes the empty directory of a backup that was killed before it wrote its first file. */
function removeIfEmpty(leftover: string) {
  const isOld = fs.statSync(leftover).mtimeMs < Date.now() - BEGINNING_MS
  if (isOld && fs.readdirSync(leftover).length === 0) fs.rmdirSync(leftover)
}

/** Removes a backup. Renames it first, so that half of one counts as a killed backup's leftover. */
function remove(directory: string) {
  const leftover = `${directory}.partial`
  fs.renameSync(directory, leftover)
  fs.writeFileSync(path.join(leftover, BACKUP_LOCK), "")
  removeLeftover(leftover)
}
