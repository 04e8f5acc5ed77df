import "client-only"
import type { UploadProblem } from "../upload.ts"
import type { FailedAnswer } from "../upload-protocol.ts"
import type { PutAnswer } from "./upload-transport.ts"

export type Failure = {
  problem: UploadProblem
  /** Whether a retry is pointless. */
  final: boolean
  /** Whether the upload is over, so that a retry on request begins again. */
  over: boolean
  /** Whether it may last for days, so that retries are not counted. */
  lasts: boolean
  retryAfterSeconds: number | null
}

const failureOf = (
  code: UploadProblem["code"],
  rest: Partial<Failure> & { message?: string | null } = {},
): Failure => ({
  problem: { code, message: rest.message ?? null },
  final: rest.final ?? false,
  over: rest.over ?? false,
  lasts: rest.lasts ?? false,
  retryAfterSeconds: rest.retryAfterSeconds ?? null,
})

/** The failure of a picked file that was moved or changed. */
export const unreadable = failureOf("unreadable", { final: true })

export const offline = failureOf("offline")

const STORAGE_FULL = 507
const SIGNED_OUT = 401
const GONE = 410

export const storeRefused = failureOf("store_refused")

/** Describes a refusal by the app: final unless the app is busy or the session has ended. */
export function appFailure({ status, message, retryAfterSeconds }: FailedAnswer): Failure {
  if (status === 0) return failureOf("no_answer")
  if (status === STORAGE_FULL)
    return failureOf("storage_full", { message, retryAfterSeconds, lasts: true })
  if (status === SIGNED_OUT) return failureOf("signed_out", { message, lasts: true })
  // The app says when it is this upload's turn.
  if (status === 429 && retryAfterSeconds !== null)
    return failureOf("busy", { message, retryAfterSeconds, lasts: true })
  if (status === 429 || status >= 500) return failureOf("busy", { message, retryAfterSeconds })
  return failureOf("refused", { message, final: true, over: status === GONE })
}

// Refusals by the store that a fresh URL or another attempt may resolve: bytes altered or cut in
// transit (400), an expired URL (403), another PUT at the same time (409).
const RETRYABLE = [400, 403, 409]

/** Describes why a PUT to the store failed. */
export function putFailure(answer: PutAnswer & { ok: false }, isOnline: boolean): Failure {
  if (answer.status === "stalled") return failureOf("stalled")
  if (answer.status === "aborted" || answer.status === 0)
    return failureOf(isOnline ? "no_answer" : "offline")
  const { status, retryAfterSeconds } = answer
  if (status === STORAGE_FULL) return failureOf("storage_full", { retryAfterSeconds, lasts: true })
  if (status === 408 || status === 429 || status >= 500)
    return failureOf("busy", { retryAfterSeconds })
  return failureOf("store_refused", { final: !RETRYABLE.includes(status) })
}
