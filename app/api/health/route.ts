import { checkHealth } from "#lib/web/health.ts"

export const dynamic = "force-dynamic"

/** For load balancers and the start script: 200, or 503 that names what fails. */
export async function GET() {
  const health = await checkHealth()
  return Response.json(health, {
    status: health.status === "ok" ? 200 : 503,
    headers: { "Cache-Control": "no-store" },
  })
}
export const HEAD = GET
