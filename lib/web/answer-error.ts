import "server-only"
import { unstable_rethrow } from "next/navigation"
import type { NextRequest } from "next/server"
import type { Refusal } from "#lib/adapters/errors.ts"
import { problemOf } from "#lib/adapters/http/problem.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { refusalOf } from "#lib/adapters/outages/refusal-of.ts"
import type { Locale } from "#lib/adapters/text/languages.ts"
import { refusal as refusalIn, say } from "#lib/adapters/text/sentences.ts"
import { languageOf } from "#lib/web/reader-language.ts"

/**
 * Answers an API call that threw: a Refusal or an outage with its sentence in the caller's
 * language. A bug is logged and gets a neutral sentence.
 */
export function answerError(
  error: unknown,
  request: NextRequest,
  locale = languageOf(null, request.headers),
): Response {
  const refusal = refusalOf(error)
  if (refusal) return problem(refusal, locale)
  unstable_rethrow(error)
  // request.json() throws this for a body that is not JSON.
  if (error instanceof SyntaxError && request.bodyUsed) {
    return problem(refusalIn("invalid", "not_json"), locale)
  }
  log.error({ error, method: request.method, path: request.nextUrl.pathname }, "an API call failed")
  const body = {
    type: "about:blank",
    code: "internal",
    title: say("failed", {}, locale),
    status: 500,
  }
  return Response.json(body, {
    status: 500,
    headers: { "Content-Type": "application/problem+json", "Cache-Control": "no-store" },
  })
}

function problem(refusal: Refusal, locale: Locale) {
  const { status, retryAfterSeconds } = refusal
  const headers: Record<string, string> = {
    "Content-Type": "application/problem+json",
    "Cache-Control": "no-store",
    "Content-Language": locale,
  }
  if (retryAfterSeconds !== undefined) headers["Retry-After"] = String(retryAfterSeconds)
  return new Response(JSON.stringify(problemOf(refusal, locale)), { status, headers })
}
