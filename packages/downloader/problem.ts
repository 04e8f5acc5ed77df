import "client-only"

/**
 * Why a download waits or has failed. `message` is the app's own message, if it gave one.
 * `offline`, `no_answer`, `stalled` and `busy` are temporary.
 * - `address_refused`, `store_refused`: the app refuses another address, or the store fresh ones.
 * - `replaced`: the object was replaced. `no_ranges`: the store only sends whole objects.
 * - `wrong_digest`: all bytes arrived and are not those of the file.
 * - `no_room` and `not_writable`: the file cannot be written.
 */
export type Problem = {
  code:
    | "offline"
    | "no_answer"
    | "stalled"
    | "busy"
    | "address_refused"
    | "store_refused"
    | "replaced"
    | "no_ranges"
    | "wrong_digest"
    | "no_room"
    | "not_writable"
  message: string | null
}

export const problem = (code: Problem["code"], message: string | null = null): Problem => ({
  code,
  message,
})

type DownloadError = Error & { problem: Problem }

export function downloadError(why: Problem): DownloadError {
  return Object.assign(new Error(why.message ?? why.code), { name: "DownloadError", problem: why })
}

/** The problem of an error that a download threw; null for any other error. */
export function problemOf(error: unknown): Problem | null {
  return error instanceof Error && "problem" in error ? (error.problem as Problem) : null
}
