import { randomUUID } from "node:crypto"
import fs from "node:fs"
import { createServer } from "node:net"
import os from "node:os"
import path from "node:path"
import { configuration } from "#lib/adapters/configuration.ts"
import { SetupError } from "#lib/adapters/errors.ts"
import { generateClient } from "#server/build/generate-client.ts"
import { takeDataDirectory } from "#server/configuration/data-directory.ts"
import { prepareConfiguration } from "#server/configuration/derive-configuration.ts"
import { setEnvironment } from "#server/configuration/environment.ts"
import { startObjectStore } from "#server/embedded/object-store.ts"
import { startPostgres } from "#server/embedded/postgres.ts"
import { COUNT, type Counts, countsOf } from "./backup-session.ts"
import type { Manifest } from "./manifest.ts"
import { onDatabase } from "./records.ts"
import { restoreBackup } from "./restore-backup.ts"

const LOOPBACK = "127.0.0.1"

type Options = { from: string; say: (line: string) => void }

/**
 * Restores a backup into a temporary directory, starts its database and its object store there,
 * applies the migrations of this version, and compares their content with the manifest. Jobs do
 * not run, so it sends no mail. Throws a SetupError that names the difference. Changes the settings
 * of this process.
 */
export async function tryBackup(manifest: Manifest, { from, say }: Options): Promise<void> {
  const place = makePlace(from)
  const stops: (() => unknown)[] = [() => fs.rmSync(place, { recursive: true, force: true })]
  try {
    await generateClient()
    await restoreTo(place, manifest, { from, say })
    stops.push(takeDataDirectory(place).release)
    await pointSettingsAt(place)
    const onGivenUp = () => {} // whatever fails because of it reports the error
    if (manifest.database) {
      say("Starting its database")
      const postgres = await startPostgres({ directory: path.join(place, "postgres"), onGivenUp })
      stops.push(postgres.stop)
      const { disconnect } = await import("#lib/adapters/database.ts")
      stops.push(disconnect)
      await tryDatabase(postgres.url, manifest.database)
    }
    if (manifest.hasObjects) {
      say("Starting its object store")
      stops.push(await startStore(place, onGivenUp))
      if (manifest.database) await compareObjects()
    }
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}

/** Makes the temporary directory. Prefers the backup's disk, where hard links replace copies. */
function makePlace(from: string) {
  const beside = `${from}.try-`
  const place = isOpen(path.dirname(from)) ? makeDirectory(beside) : null
  const directory = place ?? fs.mkdtempSync(path.join(os.tmpdir(), "lapse-try-"))
  fs.chmodSync(directory, 0o711) // as root, PostgreSQL runs as another user
  return directory
}

/** Whether the account that runs PostgreSQL can reach a directory. */
function isOpen(directory: string): boolean {
  if (process.getuid?.() !== 0) return true
  const parent = path.dirname(directory)
  return (fs.statSync(directory).mode & 1) === 1 && (parent === directory || isOpen(parent))
}

function makeDirectory(prefix: string) {
  try {
    return fs.mkdtempSync(prefix)
  } catch {
    return null // the disk of the backup cannot be written
  }
}

async function restoreTo(place: string, manifest: Manifest, { from, say }: Options) {
  const { beforeUpdate: _, ...whole } = manifest
  const { takenAt } = manifest
  const restored = { id: randomUUID(), takenAt, revoke: [], disable: [] }
  await restoreBackup(whole, { from, dataDirectory: place, restored, say })
}

/** Makes the settings of this process name the restored data and no running server. */
async function pointSettingsAt(place: string) {
  const [port, storePort] = [await freePort(), await freePort()]
  setEnvironment({
    // An empty value means unset, and overrides the file .env.
    ...Object.fromEntries(OTHERS.map((name) => [name, ""])),
    APP_URL: `http://localhost:${port}`,
    LAPSE_DATA_DIR: place,
    LOCAL_S3_PORT: String(storePort),
  })
  prepareConfiguration(() => {})
}

const OTHERS = [
  "DATABASE_URL",
  "DATABASE_DIRECT_URL",
  "S3_BUCKET",
  "S3_ENDPOINT",
  "S3_PUBLIC_ENDPOINT",
  "HOST",
  "PORT",
]

async function tryDatabase(url: string, expected: Counts) {
  const found = await onDatabase(url, async (client) =>
    countsOf((await client.query<Record<string, string>>(COUNT)).rows),
  )
  const names = { members: "members", shares: "shares", files: "files", fileBytes: "bytes" }
  const differing = Object.entries(names).filter(
    ([name]) => Reflect.get(found, name) !== Reflect.get(expected, name),
  )
  if (differing.length > 0) {
    const each = differing.map(
      ([name, what]) => `${Reflect.get(found, name)} of ${Reflect.get(expected, name)} ${what}`,
    )
    throw new SetupError(`Its database has ${each.join(", ")}.`)
  }
  const { migrate } = await import("#prisma/migrate.ts")
  await migrate(url)
  const { checkLinkSecrets } = await import("#lib/rooms/accounts/setup/installation.ts")
  await checkLinkSecrets()
}

async function startStore(place: string, onGivenUp: () => void) {
  const { LOCAL_S3_ACCESS_KEY_ID, LOCAL_S3_SECRET_ACCESS_KEY, S3_SIGNERS } = configuration
  const { stop } = await startObjectStore({
    directory: path.join(place, "objects"),
    host: LOOPBACK,
    port: configuration.LOCAL_S3_PORT,
    accessKeyId: LOCAL_S3_ACCESS_KEY_ID ?? "",
    secretAccessKey: LOCAL_S3_SECRET_ACCESS_KEY ?? "",
    signers: S3_SIGNERS ?? [],
    reserveBytes: 0,
    appOrigin: configuration.APP_URL,
    trustedProxies: [],
    say: () => {},
    onGivenUp,
  })
  return stop
}

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer().once("error", reject)
    server.listen(0, LOOPBACK, () => {
      const address = server.address()
      const port = typeof address === "object" && address ? address.port : 0
      server.close(() => resolve(port))
    })
  })

/** Throws a SetupError if a file's object is missing in the store or has a different size. */
async function compareObjects(): Promise<void> {
  const { db } = await import("#lib/adapters/database.ts")
  const { listObjects } = await import("#lib/adapters/storage.ts")
  const rows = await db.$queryRaw<{ key: string; size: bigint }[]>`
    SELECT object.key, file.size FROM object JOIN file ON file.id = object.file_id
    WHERE object.kind = 'file' AND object.state = 'live'
      AND file.status = 'ready' AND file.deleted_at IS NULL`
  const missing = new Map(rows.map(({ key, size }) => [key, Number(size)]))
  for await (const { key, size } of listObjects("o/"))
    if (missing.get(key) === size) missing.delete(key)
  if (missing.size > 0)
    throw new SetupError(`Its store has ${rows.length - missing.size} of ${rows.length} files.`)
}
