import { callApi } from "#packages/uploader/transport/api-client.ts"
import type { Answer } from "#packages/uploader/upload-protocol.ts"
import { type Shape, shaped } from "./answer-shapes.ts"
import { EXIT, Failure } from "./failure.ts"
import { addressOf, failureOf, readSecret, retrying, USER_AGENT } from "./installation.ts"
import { askSecret } from "./terminal.ts"

/** The cookies of a link, by name. They prove a password, a claim or a delivery. */
export type Cookies = Record<string, string>

/** A link as its visitor uses it. */
export type Visit = { base: string; send: typeof fetch; cookies: Cookies }

/** Reads the address of a share (`s`) or of a request (`r`). Refuses others. */
export function readLink(text: string, kind: "s" | "r"): { base: string; token: string } {
  const [, token] = URL.parse(text)?.pathname.match(/^\/[sr]\/([^/]+)\/?$/) ?? []
  if (token && URL.parse(text)?.pathname.startsWith(`/${kind}/`))
    return { base: `${addressOf(text)}/${kind}/${token}`, token }
  const what = kind === "s" ? "share" : "request for files"
  throw new Failure(EXIT.usage, `${text} is not the link of a ${what}.`)
}

/** Begins a visit, or continues an earlier one by its cookies. `onCookies` keeps them. */
export function createVisit(
  base: string,
  kept: Cookies,
  onCookies: (cookies: Cookies) => Promise<void>,
): Visit {
  const cookies = { ...kept }
  const send: typeof fetch = async (input, init) => {
    const pairs = Object.entries(cookies).map(([name, value]) => `${name}=${value}`)
    const headers = new Headers(init?.headers)
    headers.set("User-Agent", USER_AGENT)
    if (pairs.length > 0) headers.set("Cookie", pairs.join("; "))
    const response = await fetch(input, { ...init, redirect: "manual", headers })
    const set = response.headers.getSetCookie()
    for (const line of set) {
      const [, name, value] = /^([^=;]+)=([^;]*)/.exec(line) ?? []
      if (name && value) cookies[name] = value
      else if (name) delete cookies[name]
    }
    if (set.length > 0) await onCookies(cookies)
    return response
  }
  return { base, send, cookies }
}

type Passworded = { "password-file"?: string | undefined }

/** Makes the calls of a visit, as `unlocked` and `callLink` do. */
export const createCall =
  (visit: Visit, options: Passworded) =>
  <Value>(path: string, shape: Shape<Value>, body?: unknown): Promise<Value> =>
    unlocked(visit, options, () => callLink(visit, path, shape, body))

/**
 * Makes a call of the visit; if the link needs a password, takes it from a file or the terminal and
 * calls again.
 */
export async function unlocked<Value>(
  visit: Visit,
  options: Passworded,
  call: () => Promise<Answer<Value>>,
): Promise<Value> {
  const answer = await retrying(call)
  if (answer.ok) return answer.value
  if (answer.status !== 401) throw failureOf(answer)
  const file = options["password-file"]
  const password = file
    ? await readSecret(file)
    : await askSecret("Password: ", "This link needs a password: --password-file FILE")
  await unlock(visit, password)
  const second = await retrying(call)
  if (second.ok) return second.value
  throw failureOf(second)
}

async function unlock({ base, send }: Visit, password: string) {
  const response = await send(`${base}/unlock`, {
    method: "POST",
    body: new URLSearchParams({ password }),
  }).catch(() => null)
  if (!response) throw new Failure(EXIT.unavailable, "The installation does not answer.")
  if (response.status === 429) {
    const seconds = response.headers.get("Retry-After")
    throw new Failure(EXIT.denied, `Too many attempts. Try again in ${seconds ?? "some"} seconds.`)
  }
  if (response.headers.get("Location")?.includes("error=password"))
    throw new Failure(EXIT.denied, "This is not the password.")
}

/** Opens the page as a browser does, until the visit has an id: then no retry counts twice. */
export async function openPage({ base, send, cookies }: Visit): Promise<void> {
  if (Object.keys(cookies).some((name) => name.endsWith("lapse-visit"))) return
  await send(base, { method: "GET", headers: { Accept: "text/html" } })
    .then((response) => response.body?.cancel())
    .catch(() => {})
}

/** Calls an address of the link. Fails if the answer does not have the shape. */
export async function callLink<Value>(
  visit: Visit,
  path: string,
  shape: Shape<Value>,
  body?: unknown,
): Promise<Answer<Value>> {
  const answer = await callApi<unknown>(
    {
      method: body === undefined ? "GET" : "POST",
      url: visit.base + path,
      headers: { Accept: "application/json" },
      ...(body !== undefined && { body }),
    },
    visit.send,
  )
  return answer.ok ? { ok: true, value: shaped(answer.value, shape) } : answer
}
