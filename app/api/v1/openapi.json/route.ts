import { openApiText } from "#lib/api/open-api.ts"

/** Describes the API to anyone; it is the same for all, and has nothing of this installation. */
export function GET() {
  const headers = { "Content-Type": "application/json", "Cache-Control": "public, max-age=3600" }
  return new Response(openApiText(), { headers })
}

export const HEAD = GET
