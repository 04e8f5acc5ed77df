import type { NextRequest } from "next/server"
import { apiPage } from "#lib/api/api-page.ts"

/** Describes the API to people, without a session. `/api/v1/openapi.json` does to programs. */
export function GET(request: NextRequest) {
  // The server sets the policy of every answer of Next, and passes it to the route for its nonce.
  const policy = request.headers.get("content-security-policy") ?? ""
  const [, nonce = ""] = /'nonce-([^']+)'/.exec(policy) ?? []
  const body = apiPage().replace("<style>", `<style nonce="${nonce}">`)
  return new Response(body, {
    headers: { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" },
  })
}

export const HEAD = GET
