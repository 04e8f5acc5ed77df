import fs from "node:fs"
import { cp } from "node:fs/promises"
import path from "node:path"
import { SetupError } from "#lib/errors.ts"
import { copyStore } from "#packages/local-s3/disk/copy-store.ts"
import { takeDataDirectory } from "#server/configuration/data-directory.ts"
import { giveToOwner } from "#server/configuration/data-owner.ts"
import { findAccount, giveTo } from "../embedded/postgres-account.ts"
import { requireVersion } from "../embedded/postgres-cluster.ts"
import { isDiskFull, syncPath, syncTree } from "./durable.ts"
import {
  type Checked,
  type Checking,
  CONTENTS,
  type Manifest,
  readManifest,
  verifyContents,
} from "./manifest.ts"
import { keepObjectHashes } from "./object-hashes.ts"
import { RESTORE_PARTIAL, type Restored, writeRestored } from "./restored.ts"

/** Names that may be in a data directory that counts as empty. */
const ALLOWED = new Set(["lock", "lost+found", RESTORE_PARTIAL])

type RestoreOptions = {
  /** The directory of the backup. */
  from: string
  dataDirectory: string
  /** Notes for the first start, written if the backup has a database. */
  restored: Restored
  say: (line: string) => void
}

/** Reads the manifest of a backup and checks every file against it. */
export async function openBackup(
  from: string,
  say: (line: string) => void,
  checking: Checking = {},
): Promise<Manifest & Checked> {
  const manifest = readManifest(from)
  say("Checking the backup")
  const checked = await verifyContents(from, manifest, checking)
  if (manifest.database) requireVersion(path.join(from, "postgres/cluster"))
  return { ...manifest, ...checked }
}

/**
 * Puts a backup that `openBackup` has checked into an empty data directory, or one from before an
 * update into the data directory that was updated, whose database it renames. If it is interrupted,
 * the directory cannot be started. Throws a SetupError if the directory is not empty or in use.
 */
export async function restoreBackup(manifest: Manifest, options: RestoreOptions): Promise<void> {
  const { from, dataDirectory, restored, say } = options
  const requirePlace = manifest.beforeUpdate ? requireObjects : requireEmpty
  requirePlace(dataDirectory)
  const lock = takeDataDirectory(dataDirectory)
  const partial = path.join(dataDirectory, RESTORE_PARTIAL)
  try {
    requirePlace(dataDirectory)
    fs.rmSync(partial, { recursive: true, force: true })
    fs.mkdirSync(partial, { mode: 0o700 })
    syncPath(dataDirectory) // from here on a start refuses the directory
    say("Copying")
    if (manifest.database) {
      writeRestored(partial, restored)
      await copyPostgres(from, partial, dataDirectory)
    }
    if (manifest.hasObjects) {
      await copyStore(path.join(from, "objects"), path.join(partial, "objects"))
      await keepObjectHashes(path.join(from, CONTENTS), partial)
    }
    if (manifest.beforeUpdate) renameNewer(dataDirectory)
    else copySecrets(from, partial)
    giveToOwner(dataDirectory, partial)
    syncTree(partial)
    for (const name of fs.readdirSync(partial))
      fs.renameSync(path.join(partial, name), path.join(dataDirectory, name))
    syncPath(dataDirectory)
    fs.rmdirSync(partial)
    syncPath(dataDirectory)
  } catch (error) {
    if (!isDiskFull(error)) throw error
    fs.rmSync(partial, { recursive: true, force: true })
    throw new SetupError(
      `There is no room for the backup in ${dataDirectory}: free some, or set LAPSE_DATA_DIR to a directory on another disk.`,
      { cause: error },
    )
  } finally {
    lock.release()
  }
}

/**
 * Throws a SetupError if a data directory has anything but the remains of an interrupted restore.
 */
function requireEmpty(dataDirectory: string) {
  if (!fs.existsSync(dataDirectory)) return
  const others = fs.readdirSync(dataDirectory).filter((name) => !ALLOWED.has(name))
  if (others.length === 0) return
  throw new SetupError(
    `The data directory ${dataDirectory} is not empty (${others.slice(0, 3).join(", ")}): move it away first, or set LAPSE_DATA_DIR to another directory.`,
  )
}

/** Throws a SetupError if a data directory was not used until now. */
function requireObjects(dataDirectory: string) {
  if (fs.existsSync(path.join(dataDirectory, "secrets"))) return
  throw new SetupError(
    `This backup holds the database alone, from before an update, and ${dataDirectory} has no objects and secrets that belong to it: set LAPSE_DATA_DIR to the data directory that Lapse used until now.`,
  )
}

/** Keeps the database that a backup from before an update replaces. */
function renameNewer(dataDirectory: string) {
  const newer = path.join(dataDirectory, "postgres")
  if (!fs.existsSync(newer)) return
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, "")
  fs.renameSync(newer, path.join(dataDirectory, `postgres.newer-${stamp}`))
}

/**
 * Copies the cluster. The account that runs PostgreSQL here owns the files, whoever made the
 * backup.
 */
async function copyPostgres(from: string, partial: string, dataDirectory: string) {
  const postgres = path.join(partial, "postgres")
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

function copySecrets(from: string, partial: string) {
  const source = path.join(from, "secrets")
  if (!fs.existsSync(source)) return
  const target = path.join(partial, "secrets")
  fs.mkdirSync(target, { mode: 0o700 })
  for (const name of fs.readdirSync(source)) {
    fs.copyFileSync(path.join(source, name), path.join(target, name))
    fs.chmodSync(path.join(target, name), 0o600)
  }
}
