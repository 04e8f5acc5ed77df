import "client-only"
import type { Answer } from "./upload-transport.ts"

type Call = {
  method: "GET" | "POST" | "PATCH" | "DELETE"
  path: string
  body?: unknown
  /** A field of the app's own answer, if it has any. */
  has?: string
}

const NO_ANSWER = { ok: false, status: 0, message: null, retryAfterSeconds: null } as const

/**
 * Calls the members' API. Never throws: no answer at all is status 0, and so is one that is not the
 * app's, as of a network that asks to sign in.
 */
export async function askApp<Value>({ method, path, body, has }: Call): Promise<Answer<Value>> {
  const init: RequestInit = { method, cache: "no-store", signal: AbortSignal.timeout(60_000) }
  if (body !== undefined) {
    init.headers = { "Content-Type": "application/json" }
    init.body = JSON.stringify(body)
  }
  try {
    const response = await fetch(path, init)
    const text = await response.text()
    if (response.ok) {
      const value = text ? JSON.parse(text) : null
      return has === undefined || value?.[has] !== undefined ? { ok: true, value } : NO_ANSWER
    }
    return {
      ok: false,
      status: response.status,
      message: sentenceOf(response, text),
      retryAfterSeconds: Number(response.headers.get("Retry-After")) || null,
    }
  } catch {
    return NO_ANSWER
  }
}

// RFC 9457: the title is the app's own sentence. Another server in between speaks HTML.
function sentenceOf(response: Response, text: string): string | null {
  if (!response.headers.get("Content-Type")?.startsWith("application/problem+json")) return null
  const { title } = JSON.parse(text)
  return typeof title === "string" ? title : null
}
