import "client-only"

/**
 * Why a download waits or has failed. `message` is the app's own sentence, if it gave one.
 * `offline`, `no_answer`, `stalled` and `busy` are temporary. The others are final:
 * `address_refused` (the app refuses a further address), `store_refused` (the store refuses fresh
 * addresses), `replaced` (the object is another one now), `no_ranges` (the store sends whole
 * objects only), `wrong_digest` (all bytes arrived and are not those of the file), `no_room` and
 * `not_writable` (the place to write to).
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

export type DownloadError = Error & { problem: Problem }

export function downloadError(why: Problem): DownloadError {
  return Object.assign(new Error(why.message ?? why.code), { name: "DownloadError", problem: why })
}

/** The problem of an error that a download threw; null for any other error. */
export function problemOf(error: unknown): Problem | null {
  return error instanceof Error && "problem" in error ? (error.problem as Problem) : null
}
