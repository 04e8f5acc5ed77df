import { createHash, randomBytes } from "node:crypto"
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"

const CHUNK = 4 * 1024 ** 2

/** Writes a file of random bytes; `sha256` is their checksum in hexadecimal. */
export function randomFile(name: string, size: number) {
  const directory = mkdtempSync(path.join(tmpdir(), "lapse-file-"))
  const file = path.join(directory, name)
  const hash = createHash("sha256")
  const handle = openSync(file, "wx")
  for (let left = size; left > 0; left -= CHUNK) {
    const bytes = randomBytes(Math.min(left, CHUNK))
    hash.update(bytes)
    writeSync(handle, bytes)
  }
  closeSync(handle)
  return {
    path: file,
    size,
    sha256: hash.digest("hex"),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}

/** Downloads a URL; returns the SHA-256 of the bytes in hexadecimal. */
export async function sha256Of(url: string) {
  const response = await fetch(url)
  if (!response.ok || !response.body) throw new Error(`${response.status} of ${url}`)
  const hash = createHash("sha256")
  for await (const chunk of response.body) hash.update(chunk)
  return hash.digest("hex")
}
