import { readFile } from "node:fs/promises"
import { type AnswerOf, askBy, type Given } from "#lib/api/ask-by.ts"
import type { At } from "#lib/api/calls/all-calls.ts"
import { backoffMs } from "#packages/transfer/backoff.ts"
import { callApi } from "#packages/uploader/transport/api-client.ts"
import type { Answer, FailedAnswer } from "#packages/uploader/upload-protocol.ts"
import manifest from "../package.json" with { type: "json" }
import { listOf, object, optional, type Shape, shaped, text } from "./answer-shapes.ts"
import { EXIT, Failure, usageError } from "./failure.ts"
import { installations } from "./kept.ts"
import { sayWait } from "./terminal.ts"

/** An installation of Lapse, and the token for its API. */
type Installation = { url: string; token: string }
type Anonymous = { url: string; token?: string }

/** A shape that every answer has which the call declares. */
type ShapeOf<Name extends At, Value> = Shape<Value> &
  (AnswerOf<Name> extends Value ? unknown : never)

/**
 * Makes a call of the API and returns its answer, which has to have the shape. Tries again while
 * the installation is busy or does not answer, for two minutes. Fails with the API's own sentence.
 */
export type Ask = <Name extends At, Value>(
  at: Name,
  given: Given<Name>,
  shape: ShapeOf<Name, Value>,
  headers?: Record<string, string>,
) => Promise<Value>

/** The version of the installation that serves the command. */
export const VERSION: string = manifest.version

export const USER_AGENT = `lapse/${VERSION}`

/** `fetch` of the command, with the token of an installation if there is one. */
export const sendAs = ({ token }: Anonymous): typeof fetch =>
  ((input, init) =>
    fetch(input, {
      ...init,
      redirect: "error",
      headers: {
        ...Object.fromEntries(new Headers(init?.headers)),
        ...(token && { Authorization: `Bearer ${token}` }),
        "User-Agent": USER_AGENT,
      },
    })) satisfies typeof fetch

/**
 * The installation that a command uses: the one of LAPSE_URL and LAPSE_TOKEN, or of `lapse login`.
 * Refuses a token without its address, which another installation would get.
 */
export async function findInstallation(): Promise<Installation> {
  const { LAPSE_URL, LAPSE_TOKEN, LAPSE_TOKEN_FILE } = process.env
  const given = LAPSE_TOKEN || (LAPSE_TOKEN_FILE && (await readSecret(LAPSE_TOKEN_FILE)))
  if (given && !LAPSE_URL)
    throw usageError("A token needs LAPSE_URL, the address of its installation.")
  if (given && LAPSE_URL) return { url: addressOf(LAPSE_URL), token: given }
  const kept = await installations.read()
  const url = LAPSE_URL ? addressOf(LAPSE_URL) : kept?.current
  const token = url && kept?.tokens[url]
  if (url && token) return { url, token }
  throw new Failure(
    EXIT.denied,
    url
      ? `Sign in first: lapse login ${url}`
      : "Sign in first: lapse login https://files.example.com",
  )
}

/** The address of an installation without its path. Refuses what is none. */
export function addressOf(text: string): string {
  const url = URL.parse(text.includes("://") ? text : `https://${text}`)
  if (url && /^https?:$/.test(url.protocol) && !url.username) return url.origin
  throw new Failure(EXIT.usage, `${text} is not the address of an installation.`)
}

/** Reads a token or password from a file, or from standard input for "-". */
export async function readSecret(file: string): Promise<string> {
  try {
    const text = await readFile(file === "-" ? "/dev/stdin" : file, "utf8")
    return text.replace(/\r?\n$/, "")
  } catch {
    throw new Failure(EXIT.missing, `${file} cannot be read.`)
  }
}

export function createAsk(installation: Anonymous): Ask {
  const send = sendAs(installation)
  const ask = askBy(async ({ path, ...call }, headers: Record<string, string> = {}) => {
    const url = `${installation.url}/api/v1${path}`
    const answer = await retrying(() => callApi<unknown>({ ...call, url, headers }, send))
    if (answer.ok) return answer.value
    throw failureOf(answer)
  })
  return async (at, given, shape, headers) => shaped(await ask(at, given, headers), shape)
}

type Page = { nextCursor?: string | null | undefined }

/** Lists all pages from a cursor on. Ends when one comes again, or the list would not end. */
export async function* pagesOf<Value extends Page>(
  load: (cursor: string) => Promise<Value>,
  from = "",
) {
  const seen = new Set<string>()
  let cursor: string | null | undefined = from
  while (typeof cursor === "string" && !seen.has(cursor)) {
    seen.add(cursor)
    const page: Value = await load(cursor)
    yield page
    cursor = page.nextCursor
  }
}

export const pageOf = <Item>(item: Shape<Item>) =>
  object({ items: listOf(item), nextCursor: optional(text) })

/** Refuses a token that lacks a scope, before the command has changed anything. */
export async function requireScopes(ask: Ask, needed: string[]): Promise<void> {
  // A version before this one does not say which scopes a token has.
  const { scopes } = await ask("GET /me", {}, object({ scopes: optional(listOf(text)) }))
  const missing = needed.filter((scope) => scopes && !scopes.includes(scope))
  if (missing.length === 0) return
  throw new Failure(EXIT.denied, `The token lacks these scopes: ${missing.join(", ")}.`)
}

/** A command that makes no progress for this long is given up. */
export const PATIENCE_MS = 120_000

export const WAITS = "The installation or its store does not answer. Waits for at most two minutes."

/** Repeats a call while the answer is "busy" or there is none, for two minutes. */
export async function retrying<Value>(call: () => Promise<Answer<Value>>): Promise<Answer<Value>> {
  const until = Date.now() + PATIENCE_MS
  for (let attempt = 1; ; attempt++) {
    const answer = await withinTime(until, call())
    if (answer.ok || !isAway(answer.status)) return answer
    const asked = (answer.retryAfterSeconds ?? 0) * 1_000
    const pause = Math.max(asked, backoffMs(attempt))
    if (Date.now() + pause >= until) return answer
    sayWait(WAITS)
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

const NO_ANSWER = { ok: false, status: 0, message: null, retryAfterSeconds: null } as const

function withinTime<Value>(until: number, answer: Promise<Answer<Value>>): Promise<Answer<Value>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, until - Date.now(), NO_ANSWER)
    answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/** Whether there is no answer, or one that says to come again. */
const isAway = (status: number) => status === 0 || status === 429 || status >= 502

/** A refusal of the API as the command's failure. */
export function failureOf({ status, message }: FailedAnswer): Failure {
  // While the installation restarts, a proxy answers, or Lapse with the words of a page.
  if (status === 0 || (status >= 502 && status <= 504))
    return new Failure(
      EXIT.unavailable,
      "The installation or its store does not answer. Try again later.",
    )
  const words = message ? message : `The installation answered with status ${status}.`
  const isDenied = status === 401 || status === 403
  const isMissing = status === 404 || status === 410
  const isBusy = status === 429 || status >= 500
  return new Failure(
    isDenied ? EXIT.denied : isMissing ? EXIT.missing : isBusy ? EXIT.unavailable : EXIT.failed,
    words,
  )
}
