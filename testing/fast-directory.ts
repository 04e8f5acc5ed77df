import { existsSync, mkdtempSync, readdirSync, rmSync, statfsSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { tryLock } from "#packages/file-lock/file-lock.ts"

const MEMORY = "/dev/shm"
const ENOUGH_BYTES = 4 * 1024 ** 3
const PREFIX = "lapse-test-"

type FastDirectory = { path: string; remove: () => void }

/**
 * Creates a directory for temporary servers, in memory if there is plenty. A PostgreSQL cluster has
 * 1,400 small files, which ext4 creates slowly for minutes after it has deleted as many.
 */
export function makeFastDirectory(): FastDirectory {
  const parent = hasMemory() ? MEMORY : tmpdir()
  removeLeftovers(parent)
  const directory = mkdtempSync(path.join(parent, PREFIX))
  const lock = tryLock(path.join(directory, "lock"))
  if (!lock) return makeFastDirectory() // another run removed it as a leftover
  return {
    path: directory,
    remove() {
      lock.release()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function hasMemory() {
  try {
    const { bavail, bsize } = statfsSync(MEMORY)
    return Math.min(bavail * bsize, process.availableMemory()) >= ENOUGH_BYTES
  } catch {
    return false // not Linux
  }
}

/** Removes the directories of killed runs, whose locks are free. */
function removeLeftovers(parent: string) {
  for (const name of readdirSync(parent).filter((name) => name.startsWith(PREFIX))) {
    const file = path.join(parent, name, "lock")
    try {
      const lock = existsSync(file) && tryLock(file)
      if (!lock) continue
      lock.release()
      rmSync(path.dirname(file), { recursive: true, force: true })
    } catch {
      // The directory belongs to another user.
    }
  }
}
