import "client-only"
import { backoffMs, jittered } from "../../transfer/backoff.ts"
import type { UploadProblem } from "../upload.ts"
import type { Failure } from "./failure.ts"

/** How long to wait before the next attempt, and why. */
export type RetryDelay = {
  ms: number
  problem: UploadProblem
  /** Milliseconds since 1970; null to retry when the connection is back. */
  retryAt: number | null
}

/** The interval of retries while offline, because online and offline events are unreliable. */
const OFFLINE_RETRY_MS = 30_000
/** More attempts follow failures without an answer, or with a time to retry: outages last. */
const PASSING_ATTEMPTS_FACTOR = 6

/** The interval of retries after a refusal that may last for days. */
const LONG_RETRY_MS = 60_000

type RetryOptions = {
  /** The number of failures in a row after which there is no further attempt. */
  attempts: number
  isOnline: () => boolean
  random: () => number
}

/** Counts failures in a row and computes the wait after each. */
export function createRetries({ attempts, isOnline, random }: RetryOptions) {
  let failures = 0
  let answered = 0
  return {
    /** Returns null if there is no further attempt. */
    delayAfter({ problem, final, lasts, retryAfterSeconds }: Failure): RetryDelay | null {
      if (final) return null
      // Being offline may last, so it does not count as a failure.
      if (!isOnline())
        return { ms: OFFLINE_RETRY_MS, problem: { code: "offline", message: null }, retryAt: null }
      const asked = (retryAfterSeconds ?? 0) * 1_000
      // Neither does a refusal until space is freed, a person signs in or others have ended.
      if (lasts) return delayOf(problem, Math.max(asked, jittered(LONG_RETRY_MS, random)))
      failures += 1
      // A server that sends a time to retry is only busy.
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
