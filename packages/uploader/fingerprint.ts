import "client-only"

const SAMPLE_BYTES = 64 * 1024

/** What the same file is recognised by when it is picked again: name, size, time of change and samples of its content, to be hashed. */
export function samplesOf(name: string, body: Blob): Blob {
  const { size } = body
  const changedAt = body instanceof File ? body.lastModified : 0
  const starts = [0, Math.floor(size / 2), Math.max(0, size - SAMPLE_BYTES)]
  return new Blob([
    JSON.stringify([name, size, changedAt]),
    ...starts.map((at) => body.slice(at, at + SAMPLE_BYTES)),
  ])
}
