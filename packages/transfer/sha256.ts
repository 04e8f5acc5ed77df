import "client-only"
import { createSHA256 } from "hash-wasm"

/** The maximum bytes for the browser's own SHA-256, which cannot stream. */
const NATIVE_BYTES = 16 * 1024 ** 2
/** The size of a slice. Reading smaller ones takes longer than hashing them. */
export const SLICE_BYTES = 8 * 1024 ** 2

type Options = {
  stop?: AbortSignal
  /** Called with every slice that was read, and the offset of its first byte. */
  onBytes?: (bytes: Uint8Array<ArrayBuffer>, at: number) => void
}

/**
 * Computes the SHA-256 of a blob as 64 hexadecimal digits, with at most 16 MiB of it in memory.
 * Throws if it can no longer be read or `stop` aborts.
 */
export async function sha256(body: Blob, { stop, onBytes }: Options = {}): Promise<string> {
  // Undefined on plain http, despite the type.
  const native: SubtleCrypto | undefined = crypto.subtle
  if (native && body.size <= NATIVE_BYTES) {
    const bytes = new Uint8Array(await body.arrayBuffer())
    const digest = native.digest("SHA-256", bytes)
    onBytes?.(bytes, 0)
    return hex(new Uint8Array(await digest))
  }
  const hash = await createSHA256()
  hash.init()
  for await (const { bytes, at } of slicesOf(body, 0)) {
    stop?.throwIfAborted()
    hash.update(bytes)
    onBytes?.(bytes, at)
  }
  return hash.digest("hex")
}

/** Yields the bytes from an offset on. Reads the next slice while one is in use. */
export async function* slicesOf(body: Blob, from: number) {
  let reading = read(body, from)
  for (let at = from; at < body.size; at += SLICE_BYTES) {
    const bytes = await reading
    reading = read(body, at + SLICE_BYTES)
    yield { bytes, at }
  }
}

function read(body: Blob, at: number) {
  const bytes = body
    .slice(at, at + SLICE_BYTES)
    .arrayBuffer()
    .then((buffer) => new Uint8Array(buffer))
  // The consumer that awaits it handles the error. Without one it must not count as unhandled.
  bytes.catch(() => {})
  return bytes
}

const hex = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
