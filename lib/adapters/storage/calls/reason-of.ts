import "server-only"
import { S3ServiceException } from "@aws-sdk/client-s3"
import { statusOf } from "#lib/adapters/storage/storage-client.ts"

/** Returns why a call to the store failed, in a word or two. */
export function reasonOf(error: unknown): string {
  if (error instanceof S3ServiceException) {
    const status = statusOf(error)
    return status === undefined ? error.name : `${error.name}, ${status}`
  }
  if (error instanceof AggregateError && error.errors[0]) return reasonOf(error.errors[0])
  if (!(error instanceof Error)) return String(error)
  if ("code" in error && typeof error.code === "string") return error.code
  return error.cause ? reasonOf(error.cause) : error.message || error.name
}

/** Whether the store, or a proxy in front of it, does not support the operation. */
export const isUnsupported = (error: unknown) => [405, 501].includes(statusOf(error) ?? 0)

export const isRefusal = (error: unknown) => [401, 403].includes(statusOf(error) ?? 0)

const CLOSED = ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]

/** Whether a connection broke. A server may close it at the moment when it is used again. */
export const isBroken = (error: unknown) => CLOSED.includes(reasonOf(error))
