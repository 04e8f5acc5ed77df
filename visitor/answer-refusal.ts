import "server-only"
import { COOKIES } from "#lib/claims/visitor-cookies.ts"
import type { Refusal } from "#lib/errors.ts"
import { log } from "#lib/log.ts"
import { refusalOf } from "../refusal-of.ts"
import { type Answer, setCookie, type VisitorRequest, wantsJson } from "./exchange.ts"
import { plainPage } from "./plain-page.ts"

/** The page explains a refusal; these it cannot, because it would not open itself or look the same as before. */
const SAID_HERE = new Set(["not_found", "too_many", "too_large", "unavailable", "invalid"])

type Respond = (request: VisitorRequest) => Promise<Answer>

/** Answers a Refusal, an outage in a sentence, and a bug in a neutral one after logging it. */
export async function answering(
  request: VisitorRequest,
  respond: Respond,
  json = wantsJson(request),
): Promise<Answer> {
  try {
    return await respond(request)
  } catch (error) {
    return answerFor(error, request, json)
  }
}

function answerFor(error: unknown, request: VisitorRequest, json: boolean): Answer {
  const refusal = refusalOf(error)
  if (!refusal) log.error({ error, method: request.method }, "a visitor's request failed")
  const retryAfter = refusal?.retryAfterSeconds
  const headers: Answer["headers"] = retryAfter ? [["Retry-After", String(retryAfter)]] : []
  if (request.method === "HEAD") return { status: refusal?.status ?? 500, headers, body: null }
  if (json) return problemAnswer(refusal, headers)
  if (refusal && !SAID_HERE.has(refusal.code)) return toPage(request.token)
  const sentence = refusal?.message ?? "Something went wrong on our side."
  const back = refusal?.code === "not_found" ? null : backTo(request.token, refusal)
  return plainPage(refusal?.status ?? 500, sentence, { retryAfter, back, headers })
}

/** The page says itself until when a slowed visitor waits. */
function backTo(token: string, refusal: Refusal | null) {
  if (refusal?.code !== "too_many" || !refusal.retryAfterSeconds) return `/s/${token}`
  const until = new Date(Date.now() + refusal.retryAfterSeconds * 1000)
  return `/s/${token}?until=${until.toISOString()}`
}

// RFC 9457
function problemAnswer(refusal: Refusal | null, headers: Answer["headers"]): Answer {
  const status = refusal?.status ?? 500
  const title = refusal?.message ?? "Something went wrong on our side. It was written to the log."
  const body = JSON.stringify({
    type: "about:blank",
    code: refusal?.code ?? "internal",
    title,
    status,
  })
  const type: [string, string] = ["Content-Type", "application/problem+json"]
  return { status, headers: [type, ["Cache-Control", "no-store"], ...headers], body }
}

/** Back to the link's page, marked so that it counts no view. */
export function toPage(token: string, query = "", cookies: Answer["headers"] = []): Answer {
  return {
    status: 303,
    headers: [
      ["Location", `/s/${token}${query}`],
      ["Cache-Control", "no-store"],
      setCookie(token, COOKIES.back, "1", 30),
      ...cookies,
    ],
    body: null,
  }
}
