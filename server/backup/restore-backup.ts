import fs from "node:fs"
import { cp } from "node:fs/promises"
import path from "node:path"
import { SetupError } from "#lib/adapters/errors.ts"
import { copyStore } from "#packages/local-s3/disk/copy-store.ts"
import { takeDataDirectory } from "#server/configuration/data-directory.ts"
import { giveToOwner } from "#server/configuration/data-owner.ts"
import { isDiskFull, syncPath, syncTree } from "#server/processes/durable.ts"
import { findAccount, giveTo } from "../embedded/postgres-account.ts"
import { requireVersion } from "../embedded/postgres-cluster.ts"
import { copySecrets } from "./copy-cluster.ts"
import {
  type Checked,
  type Checking,
  CONTENTS,
  MANIFEST,
  type Manifest,
  verifyContents,
} from "./manifest.ts"
import { keepObjectHashes } from "./object-hashes.ts"
import {
  finishRestore,
  RESTORE_PARTIAL,
  type Restored,
  type RestoreNote,
  readRestoreNote,
  writeRestoreNote,
} from "./restored.ts"

/** The folder with the copies of a restore that has not finished. */
const COPIES = "restore.copies"
/** Names that an empty data directory may contain. */
const ALLOWED = new Set(["lock", "lost+found", COPIES, RESTORE_PARTIAL, `${RESTORE_PARTIAL}.new`])

type RestoreOptions = {
  /** The directory of the backup. */
  from: string
  dataDirectory: string
  /** The tasks of the first start, if the backup has a database. */
  restored: Restored
  say: (line: string) => void
  checking?: Checking
}

/** Checks every file of a backup against its manifest. */
export async function checkBackup(
  from: string,
  manifest: Manifest,
  checking: Checking = {},
): Promise<Checked> {
  const checked = await verifyContents(from, manifest, checking)
  if (manifest.database) requireVersion(path.join(from, "postgres/cluster"))
  return checked
}

/**
 * Checks a backup and restores it into an empty data directory; one from before an update into the
 * directory that was updated, whose database is kept under another name. If it is interrupted, Lapse
 * refuses to start on the directory. Running the same restore again starts over, or completes it if
 * everything was already copied. Throws a SetupError if the directory is not empty or in use, and if
 * the backup is damaged; then nothing is left in the directory.
 */
export async function restoreBackup(manifest: Manifest, options: RestoreOptions): Promise<Checked> {
  const { from, dataDirectory, restored } = options
  const lock = takeDataDirectory(dataDirectory)
  try {
    const earlier = requirePlace(manifest, dataDirectory)
    const isCopied = earlier !== null && hasCopied(earlier, dataDirectory)
    const newer = isCopied ? earlier.newer : nameOfNewer(manifest, dataDirectory)
    const note = { ...restored, from, manifest, newer, isCopied: true }
    let checked: Checked = { comparedBySize: 0 }
    if (isCopied) writeRestoreNote(dataDirectory, note)
    else checked = await copyBackup(manifest, note, options)
    moveCopies(dataDirectory, newer)
    finishRestore(dataDirectory, { hasDatabase: manifest.database !== null })
    return checked
  } finally {
    lock.release()
  }
}

/**
 * Returns the manifest of a backup that no longer exists but was copied completely, so that the
 * restore can be completed; null if there is none.
 */
export function findCopied(from: string, dataDirectory: string): Manifest | null {
  const note = readRestoreNote(dataDirectory)
  const isGone = note?.from === from && !fs.existsSync(path.join(from, MANIFEST))
  return isGone && hasCopied(note, dataDirectory) ? note.manifest : null
}

/**
 * Returns the note of an earlier run of the same restore, or null. Throws a SetupError if the
 * backup cannot be restored into the data directory.
 */
export function requirePlace(manifest: Manifest, dataDirectory: string): RestoreNote | null {
  const earlier = readRestoreNote(dataDirectory)
  const isSame = earlier?.takenAt === manifest.takenAt
  if (earlier && hasCopied(earlier, dataDirectory)) {
    if (isSame) return earlier
    if (fs.existsSync(path.join(dataDirectory, RESTORE_PARTIAL)))
      throw new SetupError(
        `A restore of another backup into ${dataDirectory} did not finish: run lapse restore ${earlier.from} first; delete nothing.`,
      )
  }
  if (manifest.beforeUpdate) requireObjects(dataDirectory)
  else requireEmpty(dataDirectory)
  return isSame ? earlier : null
}

/** Whether everything is copied, and both the copies and the replaced database still exist. */
function hasCopied({ newer, isCopied }: RestoreNote, dataDirectory: string) {
  const has = (name: string) => fs.existsSync(path.join(dataDirectory, name))
  const isMoved = (has("postgres") || has("objects")) && (newer === null || has(newer))
  return isCopied && (has(COPIES) || isMoved)
}

/** The name that a database gets when one from before an update replaces it. */
function nameOfNewer({ beforeUpdate }: Manifest, dataDirectory: string) {
  if (!beforeUpdate || !fs.existsSync(path.join(dataDirectory, "postgres"))) return null
  return `postgres.newer-${new Date().toISOString().replace(/[-:]|\.\d+/g, "")}`
}

async function copyBackup(manifest: Manifest, note: RestoreNote, options: RestoreOptions) {
  const { from, dataDirectory, say, checking } = options
  const copies = path.join(dataDirectory, COPIES)
  try {
    writeRestoreNote(dataDirectory, { ...note, isCopied: false })
    say("Checking the backup")
    const checked = await checkBackup(from, manifest, checking)
    fs.rmSync(copies, { recursive: true, force: true })
    fs.mkdirSync(copies, { mode: 0o700 })
    say("Copying")
    if (manifest.database) await copyPostgres(from, copies, dataDirectory)
    if (manifest.hasObjects) {
      await copyStore(path.join(from, "objects"), path.join(copies, "objects"))
      await keepObjectHashes(path.join(from, CONTENTS), copies)
    }
    if (!manifest.beforeUpdate) copySecrets(from, copies)
    giveToOwner(dataDirectory, copies)
    syncTree(copies)
    writeRestoreNote(dataDirectory, note)
    return checked
  } catch (error) {
    const isDamaged = error instanceof SetupError
    if (!isDamaged && !isDiskFull(error)) throw error
    fs.rmSync(copies, { recursive: true, force: true })
    fs.rmSync(path.join(dataDirectory, RESTORE_PARTIAL), { force: true })
    if (isDamaged) throw error
    throw new SetupError(
      `There is no room for the backup in ${dataDirectory}: free some, or set LAPSE_DATA_DIR to a directory on another disk.`,
      { cause: error },
    )
  }
}

/** Moves the remaining copies into place, and keeps the replaced database. */
function moveCopies(dataDirectory: string, newer: string | null) {
  const copies = path.join(dataDirectory, COPIES)
  if (!fs.existsSync(copies)) return
  const place = (name: string) => path.join(dataDirectory, name)
  for (const name of fs.readdirSync(copies)) {
    if (name === "postgres" && newer && fs.existsSync(place(name)))
      fs.renameSync(place(name), place(newer))
    fs.renameSync(path.join(copies, name), place(name))
  }
  syncPath(dataDirectory)
  fs.rmdirSync(copies)
}

/** Throws a SetupError if a data directory has more than an interrupted restore's remains. */
function requireEmpty(dataDirectory: string) {
  if (!fs.existsSync(dataDirectory)) return
  const others = fs.readdirSync(dataDirectory).filter((name) => !ALLOWED.has(name))
  if (others.length === 0) return
  throw new SetupError(
    `The data directory ${dataDirectory} is not empty (${others.slice(0, 3).join(", ")}): move it away first, or set LAPSE_DATA_DIR to another directory.`,
  )
}

/** Throws a SetupError if the data directory has no secrets, so it was never used. */
function requireObjects(dataDirectory: string) {
  if (fs.existsSync(path.join(dataDirectory, "secrets"))) return
  throw new SetupError(
    `This backup holds the database alone, from before an update, and ${dataDirectory} has no objects and secrets that belong to it: set LAPSE_DATA_DIR to the data directory that Lapse used until now.`,
  )
}

/** Copies the cluster, for the account that runs PostgreSQL here. */
async function copyPostgres(from: string, copies: string, dataDirectory: string) {
  const postgres = path.join(copies, "postgres")
  fs.mkdirSync(postgres, { mode: 0o700 })
  const cluster = path.join(postgres, "cluster")
  const mode = fs.constants.COPYFILE_FICLONE
  await cp(path.join(from, "postgres/cluster"), cluster, { recursive: true, mode })
  fs.chmodSync(cluster, 0o700) // PostgreSQL requires it, and the backup's disk may not store modes
  const account = findAccount(path.join(dataDirectory, "postgres/cluster"))
  if (!account) return
  giveTo(account, postgres)
  giveTo(account, cluster)
  for (const name of fs.readdirSync(cluster, { recursive: true, encoding: "utf8" }))
    giveTo(account, path.join(cluster, name))
}
