import "client-only"
import { backoffMs, jittered } from "../transfer/backoff.ts"
import type { Failure } from "./failure.ts"
import type { UploadProblem } from "./upload.ts"

/** How long to wait before the next attempt, and why. */
export type RetryDelay = {
  ms: number
  problem: UploadProblem
  /** Milliseconds since 1970; null: when the connection is back. */
  retryAt: number | null
}

/**
 * Online and offline events are unreliable: an offline browser tries again this often all the same.
 */
const OFFLINE_RETRY_MS = 30_000
/**
 * An outage of the network may last, and so may a flood; a refusal that repeats does not pass:
 * silence, and a server that says when to come back, have more attempts.
 */
const PASSING_ATTEMPTS_FACTOR = 6

/** A store that is full may stay so for days, and so may a session that is over. */
const LONG_RETRY_MS = 60_000

export type RetryOptions = {
  /** Failures in a row after which there is no further attempt. */
  attempts: number
  isOnline: () => boolean
  random: () => number
}

/** Counts failures in a row and says how long to wait after each. */
export function createRetries({ attempts, isOnline, random }: RetryOptions) {
  let failures = 0
  let answered = 0
  return {
    /** Null when there is no further attempt. */
    delayAfter({ problem, final, retryAfterSeconds }: Failure): RetryDelay | null {
      if (final) return null
      // Being offline may last, and does not count as a failure.
      if (!isOnline())
        return { ms: OFFLINE_RETRY_MS, problem: { code: "offline", message: null }, retryAt: null }
      const asked = (retryAfterSeconds ?? 0) * 1_000
      // Room may take days to be made, a person days to sign in; that does not count either.
      if (problem.code === "storage_full" || problem.code === "signed_out")
        return delayOf(problem, Math.max(asked, jittered(LONG_RETRY_MS, random)))
      failures += 1
      // Who says when to come back is busy, which passes.
      const passes = problem.code === "no_answer" || problem.code === "stalled" || asked > 0
      if (!passes) answered += 1
      if (answered >= attempts || failures >= attempts * PASSING_ATTEMPTS_FACTOR) return null
      return delayOf(problem, Math.max(asked, backoffMs(failures, random)))
    },
    reset() {
      failures = 0
      answered = 0
    },
  }
}

const delayOf = (problem: UploadProblem, ms: number): RetryDelay => ({
  ms,
  problem,
  retryAt: Date.now() + ms,
})

export type Retries = ReturnType<typeof createRetries>
