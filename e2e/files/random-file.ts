import { createHash, randomBytes } from "node:crypto"
import { closeSync, createReadStream, mkdtempSync, openSync, rmSync, writeSync } from "node:fs"
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

// SHA-256 in hexadecimal.

export const sha256Of = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex")

export const sha256OfFile = (file: string) =>
  sha256OfChunks(createReadStream(file, { highWaterMark: CHUNK }))

/** Downloads the URL. */
export async function sha256OfUrl(url: string) {
  const response = await fetch(url)
  if (!response.ok || !response.body) throw new Error(`${response.status} of ${url}`)
  return sha256OfChunks(response.body)
}

async function sha256OfChunks(chunks: AsyncIterable<Uint8Array>) {
  const hash = createHash("sha256")
  for await (const chunk of chunks) hash.update(chunk)
  return hash.digest("hex")
}
