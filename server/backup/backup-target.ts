import fs from "node:fs"
import path from "node:path"
import { codeOf, SetupError } from "#lib/adapters/errors.ts"
import { tryLock } from "#packages/file-lock/file-lock.ts"
import { syncPath, syncTree } from "#server/processes/durable.ts"
import { BACKUP_LOCK } from "./manifest.ts"

type BackupTarget = {
  /** The directory to write the backup into. */
  partial: string
  /** Syncs the backup to the disk and renames it to its final name. */
  finish: () => void
  discard: () => void
}

/**
 * Claims the place for a backup, which is written to `<directory>.partial`, and removes the remains
 * of a killed backup. Throws a SetupError if the place cannot be used.
 */
export function claimTarget(directory: string, dataDirectory: string): BackupTarget {
  requirePlace(directory, dataDirectory)
  const partial = `${directory}.partial`
  removeLeftover(partial)
  try {
    fs.mkdirSync(path.dirname(directory), { recursive: true })
    fs.mkdirSync(partial, { mode: 0o700 })
  } catch (error) {
    if (codeOf(error) === "EEXIST" && fs.existsSync(partial)) throw isBusy(partial)
    throw new SetupError(
      `${partial} cannot be made (${codeOf(error)}): name a directory in a place where this user may write.`,
      { cause: error },
    )
  }
  const lock = tryLock(path.join(partial, BACKUP_LOCK))
  if (!lock) throw isBusy(partial)
  return {
    partial,
    finish() {
      syncTree(partial)
      lock.release()
      fs.rmSync(path.join(partial, BACKUP_LOCK))
      fs.renameSync(partial, directory)
      syncPath(path.dirname(directory))
    },
    discard() {
      lock.release()
      fs.rmSync(partial, { recursive: true, force: true })
    },
  }
}

function requirePlace(directory: string, dataDirectory: string) {
  const within = path.relative(dataDirectory, directory)
  if (within === "" || /^(postgres|objects|secrets)(\/|$)/.test(within)) {
    throw new SetupError(`${directory} is a part of the data directory: name another place.`)
  }
  const found = fs.statSync(directory, { throwIfNoEntry: false })
  if (!found) return
  if (!found.isDirectory() || fs.readdirSync(directory).length > 0) {
    throw new SetupError(
      `${directory} is not an empty directory: name a new one, for example with the date in its name.`,
    )
  }
  // A finished backup is renamed into place, which fails on a mount point.
  if (found.dev === fs.statSync(path.dirname(directory)).dev) return
  throw new SetupError(
    `${directory} is a disk of its own: name a new directory on it, for example ${path.join(directory, "lapse")}.`,
  )
}

/** Removes a killed backup's remains. Throws a SetupError for anything else or a running backup. */
export function removeLeftover(partial: string) {
  if (!fs.existsSync(partial)) return
  const file = path.join(partial, BACKUP_LOCK)
  if (!fs.existsSync(file)) {
    // A backup that begins makes its lock next.
    if (fs.readdirSync(partial).length === 0) throw isBusy(partial)
    throw new SetupError(`${partial} is in the way and no backup wrote it: remove or rename it.`)
  }
  const lock = tryLock(file)
  if (!lock) throw isBusy(partial)
  fs.rmSync(partial, { recursive: true })
  lock.release()
}

const isBusy = (partial: string) =>
  new SetupError(`Another backup is writing ${partial}: wait for it, or name another directory.`)
