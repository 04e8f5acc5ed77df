import "server-only"
import { unstable_rethrow } from "next/navigation"
import type { NextRequest } from "next/server"
import { Refusal } from "#lib/errors.ts"
import { log } from "#lib/monitoring/log.ts"
import { refusalOf } from "#lib/outages/refusal-of.ts"

/**
 * Answers an API call that threw: a Refusal or an outage with its sentence. A bug is logged and
 * gets a neutral sentence.
 */
export function answerError(error: unknown, request: NextRequest): Response {
  const refusal = refusalOf(error)
  if (refusal) return problem(refusal)
  unstable_rethrow(error)
  // request.json() throws this for a body that is not JSON.
  if (error instanceof SyntaxError && request.bodyUsed) {
    return problem(new Refusal("invalid", "The request isn’t valid JSON."))
  }
  log.error({ error, method: request.method, path: request.nextUrl.pathname }, "an API call failed")
  const body = {
    type: "about:blank",
    code: "internal",
    title: "Something went wrong on our side. The error was logged.",
    status: 500,
  }
  return Response.json(body, {
    status: 500,
    headers: { "Content-Type": "application/problem+json", "Cache-Control": "no-store" },
  })
}

/** The problem details of a Refusal (RFC 9457). */
export const problemOf = ({ code, message, status, field }: Refusal) => ({
  type: "about:blank",
  code,
  title: message,
  status,
  ...(field && { field }),
})

function problem(refusal: Refusal) {
  const { status, retryAfterSeconds } = refusal
  const headers: Record<string, string> = {
    "Content-Type": "application/problem+json",
    "Cache-Control": "no-store",
  }
  if (retryAfterSeconds !== undefined) headers["Retry-After"] = String(retryAfterSeconds)
  return new Response(JSON.stringify(problemOf(refusal)), { status, headers })
}
