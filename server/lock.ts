import { DatabaseSync } from "node:sqlite"
import { setTimeout as sleep } from "node:timers/promises"

export type Lock = { release: () => void }

/**
 * Takes the file's lock, or answers null while another process holds it. It is the operating
 * system's lock (fcntl, by way of SQLite): it ends with its process, however that ends, knows no
 * process numbers, and is seen from every container that mounts the same volume.
 */
export function tryLock(file: string): Lock | null {
  return begin(file, "BEGIN EXCLUSIVE")
}

/** The same lock, but any number may share it; it keeps `tryLock` out. */
export function tryShare(file: string): Lock | null {
  return begin(file, "BEGIN; SELECT 1 FROM sqlite_master")
}

// A database that is collected as garbage lets its lock go.
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
      held.delete(database)
      database.close()
    },
  }
}

/** Waits for the lock; `onWait` is called once if there is something to wait for. */
export async function waitForLock(file: string, onWait = () => {}): Promise<Lock> {
  for (let waited = false; ; waited = true) {
    const lock = tryLock(file)
    if (lock) return lock
    if (!waited) onWait()
    await sleep(200)
  }
}

const SQLITE_BUSY = 5
const isBusy = (error: unknown) =>
  error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY
