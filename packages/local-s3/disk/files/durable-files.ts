import { randomBytes } from "node:crypto"
import { readFileSync } from "node:fs"
import { open, rename } from "node:fs/promises"
import { dirname, join } from "node:path"

/** A random name for a temporary file, a blob or an upload. */
export function uniqueName() {
  return randomBytes(16).toString("hex")
}

/** Makes creations, renames and removals in a directory durable across a power failure. */
export async function syncDirectory(path: string) {
  const handle = await open(path, "r")
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Writes a new file. When this returns, its content is durable, but its name is not. */
export async function writeSynced(path: string, text: string) {
  const handle = await open(path, "wx", 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Replaces a file atomically: after a crash it has either the old content or the new. */
export async function replaceFile(path: string, text: string, temporaries: string) {
  const temporary = join(temporaries, uniqueName())
  await writeSynced(temporary, text)
  await rename(temporary, path)
  await syncDirectory(dirname(path))
}

/**
 * Reads one of the store's own files at start. A damaged file stops it, because otherwise the store
 * would remove the bytes of its object. Synchronous, because that is faster for many files.
 */
export function readJson(path: string) {
  try {
    return JSON.parse(readFileSync(path, "utf8"))
  } catch (cause) {
    const advice = "Restore it, or move it away."
    throw new Error(`The object store's file ${path} cannot be read. ${advice}`, { cause })
  }
}
