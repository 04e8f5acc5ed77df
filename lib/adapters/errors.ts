/** The codes of refusals and their HTTP statuses. */
export const REFUSALS = {
  invalid: 400,
  /** A device's sign-in that waits for its member, asks too often, has expired or was refused. */
  pending: 400,
  slow_down: 400,
  expired: 400,
  denied: 400,
  signed_out: 401,
  /** The session or the credentials belong to a member whom an admin disabled. */
  account_disabled: 401,
  locked: 401,
  /** The link opens with a code that is mailed to its recipient. */
  verify: 401,
  wrong_credentials: 401,
  /** The password is right, and the sign-in needs a code too. */
  code_required: 401,
  wrong_code: 401,
  /** The password is right, and the sign-in needs the member's passkey. */
  passkey_required: 401,
  forbidden: 403,
  /** A setting of the admins forbids the action. */
  not_allowed: 403,
  /** The share's files may be viewed but not downloaded. */
  view_only: 403,
  /** The share's owner has turned previews off. */
  no_preview: 403,
  /** The files of this limited share can only be opened with a ticket. */
  needs_claim: 403,
  /** The change needs a sign-in or a confirmation within the last few minutes. */
  confirm_required: 403,
  /** The member has to set up a second factor before anything else. */
  second_factor_required: 403,
  /** The token lacks the scope of the call, or no token may make it. */
  scope: 403,
  not_found: 404,
  wrong_method: 405,
  conflict: 409,
  /** A legal hold keeps what would be deleted. */
  legal_hold: 409,
  gone: 410,
  too_large: 413,
  quota_exceeded: 413,
  unsupported: 415,
  /** The Idempotency-Key belongs to a call with another body. */
  key_reused: 422,
  too_many: 429,
  unavailable: 503,
  storage_full: 507,
} as const

export type RefusalCode = keyof typeof REFUSALS

/** A value in a sentence, in the words of its language: "in 2 minutes", "1.5 MB", "7 days". */
export type SentenceValue =
  | string
  | number
  | { inSeconds: number }
  | { bytes: number }
  | { days: number }
  | { types: readonly string[] }

export type RefusalExtra = {
  retryAfterSeconds?: number
  field?: string
  sentence?: { key: string; values: Record<string, SentenceValue> }
}

/** An expected refusal, worded in English for the person who asked. */
export class Refusal extends Error {
  override name = "Refusal"

  readonly code: RefusalCode
  readonly retryAfterSeconds: number | undefined
  /** The field of the wrong input, which a form marks. */
  readonly field: string | undefined
  /** The key of the sentence in messages/, for readers of other languages. */
  readonly sentence: RefusalExtra["sentence"]

  // Parameter properties are not used, because Node strips types but does not transform them.
  constructor(code: RefusalCode, message: string, extra: RefusalExtra = {}) {
    super(message)
    this.code = code
    this.retryAfterSeconds = extra.retryAfterSeconds
    this.field = extra.field
    this.sentence = extra.sentence
  }

  get status() {
    return REFUSALS[this.code]
  }
}

/** Returns the result of the work, or the Refusal that it threw. */
export function attempt<Result>(work: () => Result): Result | Refusal {
  try {
    return work()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

/** Returns the code of an error of Node, a server or a library ("ENOENT"), or else its text. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : String(error)

/**
 * An error that the operator can correct: a wrong setting, a port in use, a database that does not
 * answer. The message names the setting, says what to do, and is printed without a stack.
 */
export class SetupError extends Error {
  override name = "SetupError"
}
