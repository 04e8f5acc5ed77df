import "client-only"
import type { Answer } from "../upload-protocol.ts"

type ApiCall = {
  method: "GET" | "POST" | "PATCH" | "DELETE"
  url: string
  body?: unknown
  headers?: Record<string, string>
  /** A field that every answer of the app has. An answer without it counts as no answer. */
  expectedField?: string
  /** As `expectedField`, and what is returned of the answer. */
  field?: string
}

const NO_ANSWER = { ok: false, status: 0, message: null, retryAfterSeconds: null } as const

/**
 * Calls the app's JSON API. Never throws. Status 0 means no answer within a minute, or an answer
 * that is not the app's, such as the sign-in page of a public network. `send` is `fetch` by default.
 */
export async function callApi<Value>(
  call: ApiCall,
  send: typeof fetch = fetch,
): Promise<Answer<Value>> {
  const { method, url, body, headers, field, expectedField = field } = call
  const init: RequestInit = { method, cache: "no-store", signal: AbortSignal.timeout(60_000) }
  if (headers) init.headers = headers
  if (body !== undefined) {
    init.headers = { ...headers, "Content-Type": "application/json" }
    init.body = JSON.stringify(body)
  }
  try {
    const response = await send(url, init)
    const text = await response.text()
    if (response.ok) {
      const value = text ? JSON.parse(text) : null
      if (expectedField !== undefined && value?.[expectedField] === undefined) return NO_ANSWER
      return { ok: true, value: field === undefined ? value : value[field] }
    }
    return {
      ok: false,
      status: response.status,
      message: problemTitle(response, text),
      retryAfterSeconds: Number(response.headers.get("Retry-After")) || null,
    }
  } catch {
    return NO_ANSWER
  }
}

// RFC 9457. A proxy in between may answer with HTML, which is not meant for the uploading person.
function problemTitle(response: Response, text: string): string | null {
  if (!response.headers.get("Content-Type")?.startsWith("application/problem+json")) return null
  const { title } = JSON.parse(text)
  return typeof title === "string" ? title : null
}
