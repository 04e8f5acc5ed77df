import { readFile } from "node:fs/promises"
import { backoffMs } from "#packages/transfer/backoff.ts"
import { callApi } from "#packages/uploader/transport/api-client.ts"
import type { Answer, FailedAnswer } from "#packages/uploader/upload-protocol.ts"
import manifest from "../package.json" with { type: "json" }
import { EXIT, Failure } from "./failure.ts"
import { installations } from "./kept.ts"
import { plain } from "./terminal.ts"

/** An installation of Lapse, and the token for its API. */
export type Installation = { url: string; token: string }

type Body = { body?: unknown; headers?: Record<string, string> }

/**
 * Calls the API and returns its answer. Tries again while the installation is busy or does not
 * answer, about a minute. Fails with the API's own sentence.
 */
export type Ask = <Value>(
  method: "GET" | "POST" | "PATCH" | "DELETE",
  path: string,
  more?: Body,
) => Promise<Value>

/** The version of the installation that serves the command. */
export const VERSION: string = manifest.version

export const USER_AGENT = `lapse/${VERSION}`

/** `fetch` with the token of an installation. */
export const sendAs = ({ token }: Installation): typeof fetch =>
  ((input, init) =>
    fetch(input, {
      ...init,
      redirect: "error",
      headers: {
        ...Object.fromEntries(new Headers(init?.headers)),
        Authorization: `Bearer ${token}`,
        "User-Agent": USER_AGENT,
      },
    })) satisfies typeof fetch

/**
 * The installation that a command uses: the one of LAPSE_URL and LAPSE_TOKEN, or of `lapse login`.
 */
export async function findInstallation(): Promise<Installation> {
  const { LAPSE_URL, LAPSE_TOKEN, LAPSE_TOKEN_FILE } = process.env
  const kept = await installations.read()
  const url = LAPSE_URL ? addressOf(LAPSE_URL) : kept?.current
  const given = LAPSE_TOKEN ?? (LAPSE_TOKEN_FILE && (await readSecret(LAPSE_TOKEN_FILE)))
  const token = given || (url && kept?.tokens[url])
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
  throw new Failure(EXIT.usage, `${plain(text)} is not the address of an installation.`)
}

/** Reads a token or password from a file, or from standard input for "-". */
export async function readSecret(file: string): Promise<string> {
  try {
    const text = await readFile(file === "-" ? "/dev/stdin" : file, "utf8")
    return text.replace(/\r?\n$/, "")
  } catch {
    throw new Failure(EXIT.missing, `${plain(file)} cannot be read.`)
  }
}

export const createAsk = (installation: Installation): Ask =>
  createCaller(`${installation.url}/api/v1`, sendAs(installation))

/** Calls below an address by `send`, as Ask says. */
export function createCaller(base: string, send: typeof fetch): Ask {
  return async <Value>(method: Parameters<Ask>[0], path: string, more: Body = {}) => {
    const call = { method, url: base + path, ...more }
    const answer = await retrying(() => callApi<Value>(call, send))
    if (answer.ok) return answer.value
    throw failureOf(answer)
  }
}

/** The number of attempts before a busy or silent installation is given up, after a minute. */
const ATTEMPTS = 7

/** Repeats a call until it is answered by something else than "busy" or silence. */
export async function retrying<Value>(call: () => Promise<Answer<Value>>): Promise<Answer<Value>> {
  for (let attempt = 1; ; attempt++) {
    const answer = await call()
    if (answer.ok || attempt === ATTEMPTS) return answer
    const { status, retryAfterSeconds } = answer
    const asked = (retryAfterSeconds ?? 0) * 1_000
    if ((status > 0 && status !== 429 && status < 502) || asked > 60_000) return answer
    await new Promise((resolve) => setTimeout(resolve, Math.max(asked, backoffMs(attempt))))
  }
}

/** A refusal of the API as the command's failure. */
export function failureOf({ status, message }: FailedAnswer): Failure {
  if (status === 0) return new Failure(EXIT.unavailable, "The installation does not answer.")
  const words = message ? plain(message) : `The installation answered with status ${status}.`
  const isDenied = status === 401 || status === 403
  const isMissing = status === 404 || status === 410
  const isBusy = status === 429 || status >= 500
  return new Failure(
    isDenied ? EXIT.denied : isMissing ? EXIT.missing : isBusy ? EXIT.unavailable : EXIT.failed,
    words,
  )
}
