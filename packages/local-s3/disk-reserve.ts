import { statfs } from "node:fs/promises"
import type { ServerResponse } from "node:http"
import type { Resource } from "./request-context.ts"
import { S3Error } from "./s3-error.ts"
import type { Headers } from "./sigv4.ts"
import type { Target } from "./uri.ts"

/** Free bytes of the disk that holds a directory. */
export type FreeBytes = (dir: string) => Promise<number>

type Upload = {
  method: string
  target: Target
  key: Resource["key"]
  headers: Headers
  response: ServerResponse
}

/** Subresources of an object that are stored in a few bytes. */
const SMALL = ["tagging"]

/**
 * Keeps a part of the disk free for others: refuses an upload, before its body is read, that would
 * leave less. What the uploads in progress announced is counted as used.
 */
export function keepReserve(dir: string, reserveBytes: number, freeBytes: FreeBytes = measure) {
  let announced = 0
  return async ({ method, target, key, headers, response }: Upload): Promise<void> => {
    if (reserveBytes === 0 || !uploads(method, key, target)) return
    const length = lengthOf(headers)
    const free = await freeBytes(dir)
    if (free - announced - length < reserveBytes) throw new S3Error("InsufficientStorage")
    if (response.destroyed) return // its end would not be seen
    announced += length
    response.once("close", () => {
      announced -= length
    })
  }
}

/** PutObject, CopyObject, UploadPart, UploadPartCopy and CreateMultipartUpload. */
function uploads(method: string, key: string, { query }: Target) {
  if (key === "") return false
  const names = query.map(([name]) => name)
  if (method === "POST") return names.includes("uploads")
  return method === "PUT" && !names.some((name) => SMALL.includes(name))
}

function lengthOf(headers: Headers) {
  const length = Number(headers.get("content-length")?.[0] ?? 0)
  return Number.isSafeInteger(length) && length > 0 ? length : 0
}

async function measure(dir: string) {
  const { bsize, bavail } = await statfs(dir)
  return bsize * bavail
}
