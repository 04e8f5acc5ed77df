import type { ZipFailure } from "./zip-job.ts"

/** An error that ends the archive, with the reason. */
export const endsArchive = (failure: ZipFailure) => new Error(failure.why, { cause: failure })

/** The reason why an error ends the archive; null if it does not. */
export function failureOf(error: unknown): ZipFailure | null {
  const cause = error instanceof Error ? error.cause : null
  return isFailure(cause) ? cause : null
}

const isFailure = (cause: unknown): cause is ZipFailure =>
  typeof cause === "object" && cause !== null && "why" in cause
