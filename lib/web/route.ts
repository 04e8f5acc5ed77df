import "server-only"
import type { NextRequest } from "next/server"
import { Refusal } from "#lib/errors.ts"

type Handler<Context> = (request: NextRequest, context: Context) => Promise<Response>
type Refuse = (refusal: Refusal, request: NextRequest) => Response

/** Answers a Refusal. A bug passes through: Next answers 500 and instrumentation.ts logs it. */
export function route<Context>(
  handler: Handler<Context>,
  refuse: Refuse = problem,
): Handler<Context> {
  return async (request, context) => {
    try {
      return await handler(request, context)
    } catch (error) {
      if (error instanceof Refusal) return refuse(error, request)
      throw error
    }
  }
}

/** A Refusal as RFC 9457 problem details. */
export function problem({ code, message, status, retryAfterSeconds, field }: Refusal) {
  const headers: Record<string, string> = {
    "Content-Type": "application/problem+json",
    "Cache-Control": "no-store",
  }
  if (retryAfterSeconds !== undefined) headers["Retry-After"] = String(retryAfterSeconds)
  const body = { type: "about:blank", code, title: message, status, ...(field ? { field } : {}) }
  return new Response(JSON.stringify(body), { status, headers })
}
