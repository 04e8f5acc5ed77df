import "client-only"
import type { Hasher } from "./hasher.ts"

const SAMPLE_BYTES = 64 * 1024

/** The bytes that identify a file: name, size, modification time and samples. */
export function fingerprintSample(name: string, body: Blob): Blob {
  const { size } = body
  const changedAt = body instanceof File ? body.lastModified : 0
  const starts = [0, Math.floor(size / 2), Math.max(0, size - SAMPLE_BYTES)]
  return new Blob([
    JSON.stringify([name, size, changedAt]),
    // Chromium waits for the disk at each slice, so a small file is taken as it is.
    ...starts.map((at) =>
      at === 0 && size <= SAMPLE_BYTES ? body : body.slice(at, at + SAMPLE_BYTES),
    ),
  ])
}

/** Returns 64 hexadecimal digits, or null if the browser cannot hash or read the file. */
export const fingerprintOf = (name: string, body: Blob, hasher: Hasher) =>
  hasher.part(fingerprintSample(name, body))
