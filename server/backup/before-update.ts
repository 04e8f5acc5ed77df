import fs from "node:fs"
import path from "node:path"
import { SetupError } from "#lib/adapters/errors.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import { VERSION } from "#lib/adapters/version.ts"
import type { DatabaseState } from "#prisma/database-state.ts"
import { makeBackup } from "./make-backup.ts"
import { findManifest, type Manifest } from "./manifest.ts"
import { onDatabase } from "./records.ts"
import { nameOf } from "./schedule/prune-backups.ts"

/** The folder of the data directory with the database as it was before the last update. */
const FOLDER = "before-update"
/** The disk space in bytes that the WAL may need during a copy. */
const LOG_BYTES = 32 * 1024 ** 2
const DAY_MS = 86_400_000
const KEPT_DAYS = 30

type Options = {
  dataDirectory: string
  databaseUrl: string
  state: DatabaseState
  say: (line: string) => void
  now?: Date
}

/**
 * Copies the embedded database before migrations change it, and removes the copies of earlier
 * updates. Objects are not copied, because copies of deleted files would stay on the disk.
 */
export async function backUpBeforeUpdate(options: Options): Promise<void> {
  const { dataDirectory, databaseUrl, state, say, now = new Date() } = options
  const { version, migration } = state
  if (migration === null) return // a new database
  const earlier = listCopies(dataDirectory)
  if (earlier.some(({ manifest }) => isOfThisUpdate(manifest, state))) return
  say(`Copying the database before the update to ${VERSION}`)
  const directory = path.join(dataDirectory, FOLDER, nameOf(now))
  try {
    await requireRoom(dataDirectory, databaseUrl)
    await makeBackup({
      dataDirectory,
      directory,
      databaseUrl,
      embedsDatabase: true,
      embedsStore: false,
      version: version ?? VERSION,
      beforeUpdate: { version, migration },
      say: () => {},
      warn: () => {},
    })
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    throw new SetupError(
      `The database cannot be copied before the update to ${VERSION}, so it was left as it was: ${error.message}`,
      { cause: error },
    )
  }
  for (const copy of earlier) fs.rmSync(copy.directory, { recursive: true, force: true })
}

/** Throws a SetupError without room for the copy, because a full disk would stop PostgreSQL. */
async function requireRoom(dataDirectory: string, databaseUrl: string) {
  const bytes = await onDatabase(databaseUrl, async (client) => {
    const size = "SELECT sum(pg_database_size(oid)) AS bytes FROM pg_database"
    return Number((await client.query<{ bytes: string }>(size)).rows[0]?.bytes)
  })
  const { bavail, bsize } = fs.statfsSync(dataDirectory)
  const [needed, free] = [bytes + LOG_BYTES, bavail * bsize]
  if (free >= needed) return
  throw new SetupError(
    `it needs ${formatBytes(needed)} on the disk of ${dataDirectory}, where ${formatBytes(free)} are free. Make room, and start again.`,
  )
}

/** Whether an earlier start of this update, which failed during the migrations, made the copy. */
const isOfThisUpdate = ({ beforeUpdate }: Manifest, { version, migration }: DatabaseState) =>
  beforeUpdate?.version === version && beforeUpdate.migration !== migration

/** Removes copies that are older than a month, and the remains of a killed start. */
export function removeOldCopies(dataDirectory: string, now = new Date()) {
  const folder = path.join(dataDirectory, FOLDER)
  if (!fs.existsSync(folder)) return
  for (const name of fs.readdirSync(folder).filter((name) => name.endsWith(".partial")))
    fs.rmSync(path.join(folder, name), { recursive: true, force: true })
  const before = Number(now) - KEPT_DAYS * DAY_MS
  for (const { directory, manifest } of listCopies(dataDirectory))
    if (Date.parse(manifest.takenAt) < before)
      fs.rmSync(directory, { recursive: true, force: true })
}

/** Returns instructions for going back to a version that knows only these migrations. */
export function howToGoBack(dataDirectory: string, known: ReadonlySet<string>): string {
  const copy = listCopies(dataDirectory).find(({ manifest }) =>
    known.has(manifest.beforeUpdate?.migration ?? ""),
  )
  if (!copy) return "To go back to this version, restore a backup that it made."
  return `To go back to this version, first run lapse restore ${copy.directory} with that newer one: it puts the database of ${copy.manifest.takenAt} back, from before the update, and asks whether to redo what was revoked since. Everything else that happened since is lost then, and the newer database is kept.`
}

function listCopies(dataDirectory: string): { directory: string; manifest: Manifest }[] {
  const folder = path.join(dataDirectory, FOLDER)
  if (!fs.existsSync(folder)) return []
  return fs
    .readdirSync(folder)
    .map((name) => path.join(folder, name))
    .flatMap((directory) => {
      const manifest = findManifest(directory)
      return manifest?.beforeUpdate ? [{ directory, manifest }] : []
    })
    .sort((a, b) => (a.manifest.takenAt < b.manifest.takenAt ? 1 : -1))
}
