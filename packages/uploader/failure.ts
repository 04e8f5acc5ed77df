import "client-only"
import { backoffMs } from "./retry.ts"
import type { UploadProblem } from "./upload.ts"
import type { Answer, PutAnswer } from "./upload-transport.ts"

export type Failure = {
  problem: UploadProblem
  /** No later attempt can help. */
  final: boolean
  retryAfterSeconds: number | null
}

/** How long to wait before the next attempt, and why. */
export type Wait = {
  ms: number
  problem: UploadProblem
  /** Null: when the connection is back. */
  retryAt: number | null
}

/** Events about the connection lie: somebody who seems to be offline tries now and then all the same. */
const PROBE_MS = 30_000
/** Silence may be the network's and last; a no that repeats itself is meant. */
const SILENT_ATTEMPTS = 6

const because = (
  code: UploadProblem["code"],
  rest: Partial<Failure> & { message?: string | null } = {},
): Failure => ({
  problem: { code, message: rest.message ?? null },
  final: rest.final ?? false,
  retryAfterSeconds: rest.retryAfterSeconds ?? null,
})

/** The picked file was moved or changed. */
export const unreadable = because("unreadable", { final: true })

export const storeRefused = because("store_refused")

/** The app's own no is final, unless it says it is busy. */
export function refusal(answer: Answer<unknown> & { ok: false }): Failure {
  const { status, message, retryAfterSeconds } = answer
  if (status === 0) return because("no_answer")
  if (status === 429 || status >= 500) return because("busy", { message, retryAfterSeconds })
  return because("refused", { message, final: true })
}

// The store's no that a fresh address or another attempt may turn into a yes: bytes that were
// altered or cut on their way (400), an expired address (403), another PUT at the same moment (409).
const MAY_CHANGE = [400, 403, 409]

/** What the store, or nobody, said to a PUT. */
export function putFailure(answer: PutAnswer & { ok: false }, isOnline: boolean): Failure {
  if (answer.status === "stalled") return because("stalled")
  if (answer.status === "aborted" || answer.status === 0)
    return because(isOnline ? "no_answer" : "offline")
  const { status, retryAfterSeconds } = answer
  if (status === 408 || status === 429 || status >= 500)
    return because("busy", { retryAfterSeconds })
  return because("store_refused", { final: !MAY_CHANGE.includes(status) })
}

export type TryRules = { attempts: number; isOnline: () => boolean; random: () => number }

/** Counts failures in a row. */
export function createTries({ attempts, isOnline, random }: TryRules) {
  let failures = 0
  let answered = 0
  return {
    /** Null when it is time to give up. */
    after({ problem, final, retryAfterSeconds }: Failure): Wait | null {
      if (final) return null
      // Being offline is nobody's failure, and may last.
      if (!isOnline())
        return { ms: PROBE_MS, problem: { code: "offline", message: null }, retryAt: null }
      failures += 1
      if (problem.code !== "no_answer" && problem.code !== "stalled") answered += 1
      if (answered >= attempts || failures >= attempts * SILENT_ATTEMPTS) return null
      const ms = Math.max((retryAfterSeconds ?? 0) * 1_000, backoffMs(failures, random))
      return { ms, problem, retryAt: Date.now() + ms }
    },
    reset() {
      failures = 0
      answered = 0
    },
  }
}

export type Tries = ReturnType<typeof createTries>
