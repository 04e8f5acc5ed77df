import { t } from "../host.ts"
import type { Stage } from "../stage.ts"

export const MIB = 1024 ** 2

/**
 * Reads a byte range of a file from the store, without cookies. Null if that failed, after the
 * stage has shown why. Throws only when aborted.
 */
export async function readRange(
  stage: Stage,
  from: number,
  to: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const { address, file, signal } = stage
  const end = Math.min(to, file.size)
  if (from >= end) return new Uint8Array()
  const first = await address.current()
  if (first === null) return null
  const bytes = await fetchRange(first, from, end, signal)
  if (typeof bytes !== "string") return bytes
  // The URL may have expired or been cut off: some stores answer that without CORS headers, which a
  // script cannot distinguish from a lost connection.
  const renewed = await address.renew(first)
  if (renewed === null) return null
  const again = await fetchRange(renewed, from, end, signal)
  if (typeof again !== "string") return again
  if (again === "no answer") stage.offline()
  else stage.refuse(t("failed"))
  return null
}

async function fetchRange(url: string, from: number, end: number, signal: AbortSignal) {
  try {
    const response = await fetch(url, {
      headers: { Range: `bytes=${from}-${end - 1}` },
      credentials: "omit",
      referrerPolicy: "no-referrer",
      cache: "no-store",
      signal,
    })
    const isPart = response.status === 206 || (response.status === 200 && from === 0)
    if (isPart) return await readUpTo(response, end - from)
    await response.body?.cancel()
    return "refused"
  } catch {
    signal.throwIfAborted()
    return "no answer"
  }
}

/** A store that ignores the range sends more than was requested. */
async function readUpTo(response: Response, bytes: number) {
  const read = new Uint8Array(bytes)
  let length = 0
  const reader = response.body?.getReader()
  while (reader && length < bytes) {
    const { done, value } = await reader.read()
    if (done) break
    const part = value.subarray(0, bytes - length)
    read.set(part, length)
    length += part.length
  }
  await reader?.cancel()
  return read.subarray(0, length)
}
