import { randomUUID } from "node:crypto"
import fs from "node:fs"
import path from "node:path"
import type { BackupStep } from "#lib/adapters/database/backup-lock.ts"
import { SetupError } from "#lib/adapters/errors.ts"
import { copyStore } from "#packages/local-s3/disk/copy-store.ts"
import { isDiskFull } from "#server/processes/durable.ts"
import { type BackupSession, openBackupSession, type StoppedBackup } from "./backup-session.ts"
import { claimTarget } from "./backup-target.ts"
import { copyCluster, copySecrets, copyWal } from "./copy-cluster.ts"
import { CONTENTS, type Manifest, writeManifest } from "./manifest.ts"
import { keepObjectHashes, openObjectHashes } from "./object-hashes.ts"

export type BackupOptions = {
  dataDirectory: string
  directory: string
  /** The database that the running Lapse uses. */
  databaseUrl: string
  embedsDatabase: boolean
  embedsStore: boolean
  version: string
  beforeUpdate?: Manifest["beforeUpdate"]
  say: (step: BackupStep) => void
  warn: (sentence: string) => void
}

/**
 * Backs up the embedded parts while Lapse runs. The backup contains a snapshot of the database and
 * every object that it uses. It is named `<directory>.partial` until it is complete.
 */
export async function makeBackup(options: BackupOptions): Promise<Manifest> {
  const { dataDirectory, directory, embedsStore } = options
  const target = claimTarget(directory, dataDirectory)
  try {
    const manifest = await fillBackup(target.partial, options)
    target.finish()
    if (embedsStore) await keepHashes(options)
    return manifest
  } catch (error) {
    target.discard()
    throw isDiskFull(error)
      ? new SetupError(
          `There is no room for the backup in ${path.dirname(directory)}: free some, or name a directory on another disk.`,
          { cause: error },
        )
      : error
  }
}

async function fillBackup(partial: string, options: BackupOptions) {
  const { dataDirectory, databaseUrl, embedsDatabase, embedsStore, version, say } = options
  const { beforeUpdate } = options
  const session = await openBackupSession(databaseUrl)
  const copyObjects = () =>
    copyStore(path.join(dataDirectory, "objects"), path.join(partial, "objects"))
  try {
    // Copies most objects now, so that WAL and deletions are delayed only while the rest is copied.
    if (embedsStore) {
      say("objects")
      await copyObjects()
    }
    const cluster = {
      from: path.join(dataDirectory, "postgres/cluster"),
      to: path.join(partial, "postgres/cluster"),
    }
    if (embedsDatabase) {
      say("database")
      await session.start()
      await copyCluster(cluster.from, cluster.to)
    }
    if (embedsStore) await session.pauseDeletions()
    const database = embedsDatabase ? await stopBackup(session, cluster) : null
    if (embedsStore) await copyObjects()
    const installationId = await session.findInstallation()
    await session.end()
    copySecrets(dataDirectory, partial)
    say("list")
    const taken = {
      id: randomUUID(),
      ...(installationId ? { installationId } : {}),
      ...(beforeUpdate ? { beforeUpdate } : {}),
      version,
      takenAt: (database?.takenAt ?? new Date()).toISOString(),
      database: database?.counts ?? null,
      hasObjects: embedsStore,
    }
    const hashes = openObjectHashes(dataDirectory, partial)
    return await writeManifest(partial, taken, { hashes, onDamagedObject: warnOf(options) })
  } finally {
    await session.end()
  }
}

/** Warns with the number of damaged objects, because a line for each could fill the screen. */
function warnOf({ dataDirectory, warn }: BackupOptions) {
  let hasWarned = false
  return (name: string) => {
    if (!hasWarned)
      warn(
        `${path.join(dataDirectory, name)} is damaged: it cannot be read, or was larger or smaller when it was first backed up. Bring it back from an earlier backup.`,
      )
    hasWarned = true
  }
}

/** Saves the hashes for later backups. A failure is only a warning: the backup is complete. */
async function keepHashes({ dataDirectory, directory, warn }: BackupOptions) {
  try {
    await keepObjectHashes(path.join(directory, CONTENTS), dataDirectory)
  } catch (error) {
    warn(
      `The hashes of the objects could not be kept in ${dataDirectory} (${error}): the next backup reads every object again.`,
    )
  }
}

async function stopBackup(session: BackupSession, { from, to }: { from: string; to: string }) {
  const counts = await session.count()
  const stopped = await session.stop()
  writeLabel(to, stopped)
  await copyWal(from, to, stopped.wal)
  return { takenAt: stopped.takenAt, counts }
}

function writeLabel(cluster: string, { label, tablespaceMap }: StoppedBackup) {
  fs.writeFileSync(path.join(cluster, "backup_label"), label, { mode: 0o600 })
  if (!tablespaceMap) return
  fs.writeFileSync(path.join(cluster, "tablespace_map"), tablespaceMap, { mode: 0o600 })
}
