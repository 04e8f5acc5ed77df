import { apiPage } from "#lib/web/api/api-page.ts"

/** Describes the API to people, without a session. `/api/v1/openapi.json` does to programs. */
export function GET() {
  const { headers, body } = apiPage()
  return new Response(body, { headers })
}

export const HEAD = GET
