import fs from "node:fs"
import path from "node:path"
import { DbClient } from "#lib/adapters/database/db-client.ts"
import { SetupError } from "#lib/adapters/errors.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import { startPostgres } from "../postgres.ts"
import { findAccount } from "../postgres-account.ts"
import { type PostgresVersion, SHIPPED } from "../postgres-binaries.ts"
import { hasCluster, majorOf } from "../postgres-cluster.ts"
import { stopOrphan } from "../postgres-orphan.ts"
import { makeSocketDirectory, removeSocketDirectory } from "../postgres-socket.ts"
import { copyDatabase } from "./copy-database.ts"
import { finishMove, movingTo, swapClusters } from "./swap-clusters.ts"

const GIB = 1024 ** 3
/** The size in bytes of a cluster without rows, including the WAL segments that it keeps. */
const EMPTY_BYTES = 160 * 1024 ** 2

type Move = {
  /** The directory of the cluster, which this process has locked. */
  directory: string
  /** The version of PostgreSQL that wrote the cluster. */
  from: PostgresVersion
  /** Creates the tables of this version, or migrates those that exist. */
  prepareTables: (url: string) => Promise<unknown>
  say: (line: string) => void
  progress?: (detail: string) => void
}

/**
 * Moves the embedded database to the PostgreSQL of this Lapse if `from` wrote it. The old cluster
 * is kept unchanged beside the new one, so a move that is killed starts over. Throws a SetupError
 * if there is not enough disk space.
 */
export async function moveCluster({ directory, from, ...move }: Move): Promise<void> {
  const cluster = path.join(directory, "cluster")
  finishMove(directory)
  if (!hasCluster(cluster) || majorOf(cluster) !== from.major) return
  const { prepareTables, say, progress } = move
  const place = movingTo(directory)
  await clear(place, say)
  const old = await startPostgres({ directory, version: from, say })
  try {
    await prepareTables(old.url)
    await requireRoom(directory, { url: old.url, say })
    const next = await startPostgres({ directory: place, say })
    const stopBoth = () => Promise.all([old.stop(), next.stop()])
    try {
      await prepareTables(next.url)
      const copy = { from: old.url, to: next.url, ...(progress ? { progress } : {}) }
      await copyDatabase(copy, stopBoth)
    } finally {
      await stopBoth()
    }
    swapClusters(directory)
  } finally {
    await old.stop()
    await clear(place, say)
  }
}

/** Stops the server that a killed move left, and removes its files. */
async function clear(place: string, say: (line: string) => void) {
  if (!fs.existsSync(place)) return
  const cluster = path.join(place, "cluster")
  await stopOrphan(cluster, makeSocketDirectory(place, findAccount(cluster)), say)
  removeSocketDirectory(place)
  fs.rmSync(place, { recursive: true })
}

type Size = { url: string; say: (line: string) => void }

async function requireRoom(directory: string, { url, say }: Size) {
  const bytes = await sizeOf(url)
  const needed = EMPTY_BYTES + bytes + Math.min(bytes, GIB) // the WAL grows to 1 GiB
  const { bavail, bsize } = fs.statfsSync(directory)
  const free = bavail * bsize
  if (free < needed) {
    throw new SetupError(
      `The database moves to PostgreSQL ${SHIPPED.major}, which takes about ${formatBytes(needed)} on the disk of ${directory}, where ${formatBytes(free)} are free. It was left as it was: make room, and start again.`,
    )
  }
  say(
    `Moving the database to PostgreSQL ${SHIPPED.major}, which takes about ${formatBytes(needed)} of the ${formatBytes(free)} that are free`,
  )
}

async function sizeOf(url: string) {
  const client = new DbClient({ connectionString: url, application_name: "lapse-move" })
  try {
    await client.connect()
    const { rows } = await client.query<{ bytes: string }>(
      "SELECT pg_database_size(current_database()) AS bytes",
    )
    return Number(rows[0]?.bytes)
  } finally {
    await client.end()
  }
}
