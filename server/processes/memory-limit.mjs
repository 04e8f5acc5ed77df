import os from "node:os"

// This module has no dependencies, because the first stage of a start imports it.

const MIB = 1024 ** 2

/** The memory in bytes for this process and its children: the container's or machine's. */
export function memoryLimit() {
  const all = os.totalmem()
  const limit = process.constrainedMemory()
  // without a limit it is 0 or more than the machine has
  return limit > 0 && limit < all ? limit : all
}

/** The semi-space in MiB of a process that renders no pages. */
export const SMALL_SEMI_SPACE = 4

/**
 * Options of Node that limit V8's heap. By default the heap grows with the machine, up to a
 * gigabyte of garbage. An option in NODE_OPTIONS takes precedence.
 * @param {number} limit bytes
 * @param {string} given NODE_OPTIONS
 * @param {number} semiSpace MiB. Young objects take up to three times this, even in an idle
 * process. Below 16, rendering a page takes up to 50 % longer.
 */
export function heapOptions(
  limit = memoryLimit(),
  given = "",
  semiSpace = limit < 448 * MIB ? 8 : 16,
) {
  const old = Math.round(Math.min(256, Math.max(128, limit / MIB / 2)))
  const options = { "--max-old-space-size": old, "--max-semi-space-size": semiSpace }
  return Object.entries(options)
    .filter(([name]) => !given.includes(name))
    .map(([name, size]) => `${name}=${size}`)
}

/** Node's options that limit the heap of the embedded object store, which needs little. */
export const storeHeapOptions = ["--max-old-space-size=128", "--max-semi-space-size=8"]

/**
 * Memory settings of the embedded database, shared by all its sessions: PostgreSQL's defaults if
 * there is room. The database uses the rest of the memory as page cache.
 * @param {number} limit bytes
 */
export function databaseMemory(limit = memoryLimit()) {
  const part = (whole, least, most) =>
    `${Math.round(Math.min(most, Math.max(least, limit / MIB / whole)))}MB`
  return { shared_buffers: part(16, 32, 128), maintenance_work_mem: part(32, 16, 64) }
}
