import os from "node:os"

// Dependency-free, because the first stage needs it.

const MIB = 1024 ** 2

/** What this process and those beside it may use, in bytes: the container's limit, or the machine. */
export function memoryLimit() {
  const all = os.totalmem()
  const limit = process.constrainedMemory()
  return limit > 0 && limit < all ? limit : all // without a limit it is 0 or beyond the machine
}

/**
 * How large V8's heap may become, as options of Node. Left alone it grows with the machine, to a
 * gigabyte of garbage. An option in NODE_OPTIONS wins.
 *
 * @param {number} limit bytes
 * @param {string} given NODE_OPTIONS
 */
export function heapOptions(limit = memoryLimit(), given = "") {
  const old = Math.round(Math.min(256, Math.max(128, limit / MIB / 2)))
  const options = {
    "--max-old-space-size": old,
    // Young objects take up to three times this. Below 16 a page costs up to half more time.
    "--max-semi-space-size": limit < 448 * MIB ? 8 : 16,
  }
  return Object.entries(options)
    .filter(([name]) => !given.includes(name))
    .map(([name, size]) => `${name}=${size}`)
}

/** The same for the embedded object store, which passes bytes on and keeps little. */
export const storeHeapOptions = ["--max-old-space-size=128", "--max-semi-space-size=8"]

/**
 * What the embedded database keeps in memory for all its sessions: PostgreSQL's own defaults where
 * there is room. The rest of the memory serves it as page cache.
 *
 * @param {number} limit bytes
 */
export function databaseMemory(limit = memoryLimit()) {
  const part = (whole, least, most) =>
    `${Math.round(Math.min(most, Math.max(least, limit / MIB / whole)))}MB`
  return { shared_buffers: part(16, 32, 128), maintenance_work_mem: part(32, 16, 64) }
}
