"use client"

import { reportSessionEnded } from "./session-ended.ts"

export const TIMEOUT_MS = 60_000
const SLOW_TIMEOUT_MS = 600_000
const RETRY_MS = 500

/** A call that did not succeed: refused by the API (RFC 9457), or without an answer. */
export class ApiError extends Error {
  override name = "ApiError"
  /** A code of the API, or "no_answer". */
  readonly code: string
  /** 0: there was no answer. */
  readonly status: number
  /** The input that is wrong. */
  readonly field: string | null

  constructor(code: string, message: string, status = 0, field: string | null = null) {
    super(message)
    this.code = code
    this.status = status
    this.field = field
  }
}

/** The result of a call, or why there is none. */
export const answerOf = <Result>(call: Promise<Result>): Promise<Result | ApiError> =>
  call.catch((error: unknown) => {
    if (error instanceof ApiError) return error
    throw error
  })

type Method = "GET" | "POST" | "PATCH" | "DELETE"
type Query = Record<string, string | boolean | undefined>
export type Options = {
  /** Values that are undefined or empty are left out. */
  query?: Query
  /** The page may be left before the answer: the call waits for no other and outlives the page. */
  keepalive?: boolean
  /** It may take minutes: no other waits for it. */
  slow?: boolean
}

/** Setting the same values again changes nothing, so these may be sent again. */
const IDEMPOTENT: Method[] = ["GET", "PATCH"]

/**
 * Calls the API below `/api/v1` and returns the JSON of its answer. Writes are sent one after
 * another. A call that can be repeated is sent once more when no answer came; so is any call that
 * was refused because the session had ended and the member has signed in meanwhile. Throws
 * ApiError.
 */
export async function callApi<Result>(
  method: Method,
  path: string,
  body?: object,
  options: Options = {},
): Promise<Result> {
  const send = () => exchange(method, path, body, options)
  const waits = method !== "GET" && !options.keepalive && !options.slow
  const response = await (waits ? inTurn(send) : send())
  // The routes answer with these types: both are made from one schema or function.
  return (await resultOf(response)) as Result
}

/** The JSON of an answer, undefined where it has none. Throws ApiError for a refusal. */
export async function resultOf(response: Response): Promise<unknown> {
  const answer: unknown = response.status === 204 ? undefined : await jsonOf(response)
  if (response.ok) return answer
  throw errorOf(response.status, answer)
}

let lastWrite: Promise<unknown> = Promise.resolve()

function inTurn<Result>(write: () => Promise<Result>): Promise<Result> {
  const written = lastWrite.then(write)
  lastWrite = written.catch(() => {})
  return written
}

async function exchange(method: Method, path: string, body: object | undefined, options: Options) {
  const send = () => request(method, path, body, options)
  let response = await send()
  if (!response && IDEMPOTENT.includes(method)) {
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    response = await send()
  }
  if (response?.status === 401 && (await reportSessionEnded())) response = await send()
  if (!response) throw new ApiError("no_answer", "")
  return response
}

/** Null: no answer came. */
async function request(
  method: Method,
  path: string,
  body: object | undefined,
  { query = {}, keepalive = false, slow = false }: Options,
) {
  try {
    return await fetch(`/api/v1${path}${searchOf(query)}`, {
      method,
      cache: "no-store",
      keepalive,
      signal: AbortSignal.timeout(slow ? SLOW_TIMEOUT_MS : TIMEOUT_MS),
      ...(body && {
        body: JSON.stringify(body, numberOrText),
        headers: { "Content-Type": "application/json" },
      }),
    })
  } catch {
    return null
  }
}

/** JSON has null for NaN, which would mean something else: as text the API refuses it. */
const numberOrText = (_key: string, value: unknown) =>
  typeof value === "number" && !Number.isFinite(value) ? String(value) : value

function searchOf(query: Query) {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [[name, String(value)]],
  )
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`
}

const jsonOf = (response: Response): Promise<unknown> =>
  response.json().catch(() => {
    throw new ApiError("no_answer", "", response.status)
  })

function errorOf(status: number, answer: unknown) {
  const problem: { code?: string; title?: string; field?: string } =
    typeof answer === "object" && answer !== null ? answer : {}
  const { code = "no_answer", title = "", field = null } = problem
  // The sentence is shown at the field, so it need not name the field.
  const message = title.startsWith(`${field}: `) ? title.slice(`${field}: `.length) : title
  return new ApiError(code, message, status, field)
}
