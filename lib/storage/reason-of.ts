import "server-only"
import { S3ServiceException } from "@aws-sdk/client-s3"
import { statusOf } from "./client.ts"

/** What went wrong with a call of the store, in a word or two. */
export function reasonOf(error: unknown): string {
  if (error instanceof S3ServiceException) {
    const status = statusOf(error)
    return status === undefined ? error.name : `${error.name}, ${status}`
  }
  const cause = error instanceof Error ? error.cause : undefined
  for (const each of [error, cause]) {
    if (each instanceof AggregateError && each.errors[0]) return reasonOf(each.errors[0])
    if (each instanceof Error && "code" in each) return String(each.code)
  }
  return error instanceof Error ? error.message || error.name : String(error)
}

/** Whether the store refused: it answered, and with no. */
export const isRefusal = (error: unknown) => [401, 403].includes(statusOf(error) ?? 0)
