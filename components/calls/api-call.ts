"use client"

import { shownTeam } from "#components/nav/owner.ts"
import { teamHeader } from "#lib/adapters/http/owner-path.ts"
import type { SentCall } from "#lib/api/ask-by.ts"
import { askToConfirm } from "./confirming.ts"
import { reportSessionEnded } from "./session-ended.ts"

export const TIMEOUT_MS = 60_000
const SLOW_TIMEOUT_MS = 600_000
const RETRY_MS = 500

/** A failed API call: a refusal of the API (RFC 9457), or no answer. */
export class ApiError extends Error {
  override name = "ApiError"
  /** A code of the API, or "no_answer". */
  readonly code: string
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number
  /** The name of the invalid input; null if the error concerns none. */
  readonly field: string | null

  constructor(code: string, message: string, status = 0, field: string | null = null) {
    super(message)
    this.code = code
    this.status = status
    this.field = field
  }
}

/** Resolves with the result of a call, or with the ApiError that it threw. */
export const answerOf = <Result>(call: Promise<Result>): Promise<Result | ApiError> =>
  call.catch((error: unknown) => {
    if (error instanceof ApiError) return error
    throw error
  })

type Options = {
  /** The call waits for no other call and survives when the page is closed. */
  keepalive?: boolean
  /** The call changes nothing, so it waits for no other, and is sent once more without an answer. */
  reads?: boolean
  /** The call may take minutes, and no other call waits for it. */
  slow?: boolean
  /** The slug of the team for which the call is made; by default that of the page. */
  team?: string | null
}

/** These methods may be repeated: setting the same values again changes nothing. */
const IDEMPOTENT = ["GET", "PATCH"]

/**
 * Calls the API below `/api/v1` and returns the JSON of its answer. Writes are sent one after
 * another. An idempotent call is sent once more when no answer came; any call is sent once more
 * when it was refused because the session had ended and the member has signed in meanwhile, or
 * because it needs a confirmation, which the member has given then. Throws ApiError.
 */
export async function callApi(call: SentCall, given: Options = {}): Promise<unknown> {
  // While the call waits, the member may go to another owner's pages.
  const options = { team: shownTeam(), ...given }
  const send = () => exchange(call, options)
  const waits = call.method !== "GET" && !options.reads && !options.keepalive && !options.slow
  const sendInTurn = () => (waits ? inTurn(send) : send())
  let response = await sendInTurn()
  // Outside of the queue, so that the dialog's own calls are sent meanwhile.
  if ((await needsConfirmation(response)) && (await askToConfirm())) response = await sendInTurn()
  return resultOf(response)
}

/** Reads the JSON of an answer; undefined where it has none. Throws ApiError for a refusal. */
export async function resultOf(response: Response): Promise<unknown> {
  const answer: unknown = response.status === 204 ? undefined : await jsonOf(response)
  if (response.ok) return answer
  throw errorOf(response.status, answer)
}

async function needsConfirmation(response: Response) {
  if (response.status !== 403) return false
  const answer: unknown = await jsonOf(response.clone())
  return errorOf(response.status, answer).code === "confirm_required"
}

let lastWrite: Promise<unknown> = Promise.resolve()

function inTurn<Result>(write: () => Promise<Result>): Promise<Result> {
  const written = lastWrite.then(write)
  lastWrite = written.catch(() => {})
  return written
}

async function exchange(call: SentCall, options: Options) {
  const send = () => request(call, options)
  let response = await send()
  if (!response && (options.reads || IDEMPOTENT.includes(call.method))) {
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    response = await send()
  }
  if (response?.status === 401 && (await reportSessionEnded())) response = await send()
  if (!response) throw new ApiError("no_answer", "")
  return response
}

/** Sends the request; null when no answer came. */
async function request({ method, path, body }: SentCall, options: Options) {
  const { keepalive = false, slow = false, team = null } = options
  try {
    return await fetch(`/api/v1${path}`, {
      method,
      cache: "no-store",
      keepalive,
      signal: AbortSignal.timeout(slow ? SLOW_TIMEOUT_MS : TIMEOUT_MS),
      headers: { ...teamHeader(team), ...(body && { "Content-Type": "application/json" }) },
      ...(body && { body: JSON.stringify(body, numberOrText) }),
    })
  } catch {
    return null
  }
}

/** Sends NaN as text, which the API refuses. JSON would make it null, which has another meaning. */
const numberOrText = (_key: string, value: unknown) =>
  typeof value === "number" && !Number.isFinite(value) ? String(value) : value

const jsonOf = (response: Response): Promise<unknown> =>
  response.json().catch(() => {
    throw new ApiError("no_answer", "", response.status)
  })

function errorOf(status: number, answer: unknown) {
  const problem: { code?: string; title?: string; field?: string } =
    typeof answer === "object" && answer !== null ? answer : {}
  const { code = "no_answer", title = "", field = null } = problem
  return new ApiError(code, reasonOf({ title, field }), status, field)
}

/** The text of a problem that is shown at its field, and so need not name the field. */
export const reasonOf = ({ title, field }: { title: string; field?: string | null | undefined }) =>
  title.startsWith(`${field}: `) ? title.slice(`${field}: `.length) : title
