import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"

/** The store's name: its endpoint. */
export const storeName = () => configuration.S3_ENDPOINT ?? "AWS"

// Reads the error without lib/adapters/storage, which the main process must not load before the
// database client is generated.
const statusOf = (error: Error) =>
  "$metadata" in error &&
  typeof error.$metadata === "object" &&
  error.$metadata !== null &&
  "httpStatusCode" in error.$metadata
    ? error.$metadata.httpStatusCode
    : undefined

/** Returns the store and the operation that it does not support; null for any other error. */
export function lackOf(error: unknown): { store: string; operation: string } | null {
  if (!(error instanceof Error)) return null
  const status = statusOf(error)
  if (status !== 405 && status !== 501) return null
  return { store: storeName(), operation: "operation" in error ? String(error.operation) : "" }
}
