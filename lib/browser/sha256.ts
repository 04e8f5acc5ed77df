import "client-only"
import { createSHA256 } from "hash-wasm"

/** What the browser's own SHA-256 gets: it cannot stream, so the bytes are in memory at once. */
const AT_ONCE_BYTES = 16 * 1024 ** 2
const SLICE_BYTES = 4 * 1024 ** 2

/**
 * SHA-256 of a blob as 64 hexadecimal digits. Holds at most 16 MiB of it. Throws when it can no
 * longer be read or `stop` says so.
 */
export async function sha256(body: Blob, stop?: AbortSignal): Promise<string> {
  // Only secure contexts have it.
  const native: SubtleCrypto | undefined = crypto.subtle
  if (native && body.size <= AT_ONCE_BYTES)
    return hex(new Uint8Array(await native.digest("SHA-256", await body.arrayBuffer())))

  const hash = await createSHA256()
  hash.init()
  // The next slice is read while this one is hashed.
  let reading = read(body, 0)
  for (let at = 0; at < body.size; at += SLICE_BYTES) {
    const bytes = await reading
    stop?.throwIfAborted()
    reading = read(body, at + SLICE_BYTES)
    hash.update(bytes)
  }
  return hash.digest("hex")
}

function read(body: Blob, at: number) {
  const bytes = body
    .slice(at, at + SLICE_BYTES)
    .arrayBuffer()
    .then((buffer) => new Uint8Array(buffer))
  bytes.catch(() => {}) // whoever waits for it hears of it
  return bytes
}

const hex = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
