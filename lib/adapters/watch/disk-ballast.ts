import "server-only"
import { randomBytes } from "node:crypto"
import fs from "node:fs"
import { open, rename } from "node:fs/promises"
import path from "node:path"
import { type DiskRoom, hostState } from "#lib/adapters/host/host-state.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { isDiskFullError } from "#lib/adapters/outages/outage.ts"

const MIB = 1024 ** 2
/** The size of two WAL segments of the database, in bytes. */
const MOST_BYTES = 32 * MIB
const NAME = "ballast"
/** A disk with fewer free bytes than this counts as full. */
const NOTHING_BYTES = MIB

const ballastBytes = (reserveBytes: number) => Math.min(MOST_BYTES, Math.floor(reserveBytes / 4))

/**
 * Keeps a placeholder file in the data directory. When the disk is otherwise full, removing the
 * file lets the database write its WAL and the rows of a few thousand revocations and deletions. It
 * is written again only when more than the reserve is free.
 */
export async function keepBallast({ directory, freeBytes, reserveBytes }: DiskRoom): Promise<void> {
  const bytes = ballastBytes(reserveBytes)
  const file = path.join(directory, NAME)
  const found = fs.statSync(file, { throwIfNoEntry: false })?.size
  if (bytes === 0) dropBallast(directory)
  if (found === bytes || bytes === 0 || freeBytes - bytes < reserveBytes) return
  writing ??= writeBallast(file, bytes).finally(() => {
    writing = undefined
  })
  await writing
}

let writing: Promise<void> | undefined

// The content is random, because some file systems store zeros or repetitions without using space.
async function writeBallast(file: string, bytes: number) {
  const partial = `${file}.new`
  const handle = await open(partial, "w", 0o600)
  try {
    for (let left = bytes; left > 0; left -= MIB) {
      await handle.writeFile(randomBytes(Math.min(left, MIB)))
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(partial, file)
}

/** Removes the ballast to free its space. Returns false if there is none. */
export function dropBallast(directory: string): boolean {
  const files = [NAME, `${NAME}.new`].map((name) => path.join(directory, name))
  const found = files.filter((file) => fs.existsSync(file))
  for (const file of found) fs.rmSync(file, { force: true })
  return found.length > 0
}

/** Removes the ballast if there is too little space for the few bytes that a start writes. */
export function dropBallastIfFull({
  directory,
  freeBytes,
}: Pick<DiskRoom, "directory" | "freeBytes">) {
  if (freeBytes < NOTHING_BYTES) dropBallast(directory)
}

/**
 * Runs a change that must work on a full disk, such as a revocation. If it finds no space, the
 * ballast is removed and the change runs once more. It must be safe to repeat.
 */
export async function evenOnFullDisk<Result>(change: () => Promise<Result>): Promise<Result> {
  try {
    return await change()
  } catch (error) {
    const { disk } = hostState()
    if (!disk || !isDiskFullError(error) || !dropBallast(disk.directory)) throw error
    log.warn({ error }, "the disk is full: what was kept of it is used to revoke and delete")
    return change()
  }
}
