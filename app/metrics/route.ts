import { createHash, timingSafeEqual } from "node:crypto"
import type { NextRequest } from "next/server"
import { configuration } from "#lib/adapters/configuration.ts"
import { exposeMetrics } from "#lib/adapters/monitoring/metrics.ts"

export const dynamic = "force-dynamic"

/** Serves Prometheus metrics as text; METRICS_TOKEN, when set, is required as a Bearer token. */
export async function GET(request: NextRequest) {
  if (configuration.METRICS_TOKEN && !isBearer(request, configuration.METRICS_TOKEN)) {
    return new Response(null, { status: 401, headers: { "WWW-Authenticate": "Bearer" } })
  }
  const { contentType, text } = await exposeMetrics()
  const headers = { "Content-Type": contentType, "Cache-Control": "no-store" }
  return new Response(text, { headers })
}
export const HEAD = GET

function isBearer(request: NextRequest, token: string) {
  const hash = (text: string) => createHash("sha256").update(text).digest()
  const given = request.headers.get("authorization") ?? ""
  return timingSafeEqual(hash(given), hash(`Bearer ${token}`))
}
