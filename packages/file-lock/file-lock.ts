import { DatabaseSync } from "node:sqlite"
import { setTimeout as sleep } from "node:timers/promises"

/** `release` may be called again, which does nothing. */
export type Lock = { release: () => void }

/**
 * Takes the lock of a file, or returns null if another process holds it. It is a lock of the
 * operating system (fcntl, through SQLite): it ends with its process, needs no process ids, and
 * works across containers that mount the same volume.
 */
export function tryLock(file: string): Lock | null {
  return begin(file, "BEGIN EXCLUSIVE")
}

/** Takes a shared lock. Any number of processes may hold it; `tryLock` returns null meanwhile. */
export function tryShare(file: string): Lock | null {
  return begin(file, "BEGIN; SELECT 1 FROM sqlite_master")
}

// References to the open databases. A database that is garbage collected would release its lock.
const held = new Set<DatabaseSync>()

function begin(file: string, statements: string): Lock | null {
  const database = new DatabaseSync(file, { timeout: 0 })
  try {
    database.exec(`PRAGMA journal_mode = MEMORY; ${statements}`)
  } catch (error) {
    database.close()
    if (isBusy(error)) return null
    throw error
  }
  held.add(database)
  return {
    release() {
      if (held.delete(database)) database.close()
    },
  }
}

const PAUSE_MS = 200

/** Waits for the lock; `onWait` is called once if it is not free. */
export async function waitForLock(file: string, onWait = () => {}): Promise<Lock> {
  for (let waited = false; ; waited = true) {
    const lock = tryLock(file)
    if (lock) return lock
    if (!waited) onWait()
    await sleep(PAUSE_MS)
  }
}

/** Waits for the lock of a process that is about to end; null if it is not free by then. */
export async function tryLockFor(ms: number, file: string): Promise<Lock | null> {
  const lock = tryLock(file)
  if (lock || ms <= 0) return lock
  await sleep(PAUSE_MS)
  return tryLockFor(ms - PAUSE_MS, file)
}

const SQLITE_BUSY = 5
const isBusy = (error: unknown) =>
  error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY
