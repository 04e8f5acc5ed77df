import { checkHealth } from "#lib/web/health.ts"

export const dynamic = "force-dynamic"

/** Health check for load balancers and the start script: 200, or 503 with the failing parts. */
export async function GET() {
  const health = await checkHealth()
  return Response.json(health, {
    status: health.status === "ok" ? 200 : 503,
    headers: { "Cache-Control": "no-store" },
  })
}
export const HEAD = GET
