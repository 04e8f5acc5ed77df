import type { NextRequest } from "next/server"
import { findLogo } from "#lib/rooms/settings/read-branding.ts"
import { answerError } from "#lib/web/answer-error.ts"

/**
 * Serves the logo of visitors' pages. Its URL contains a hash of the content, so it is cached
 * permanently.
 */
export async function GET(request: NextRequest, { params }: RouteContext<"/brand/[logo]">) {
  try {
    const { logo } = await params
    const found = /^[0-9a-f]{20}$/.test(logo) ? await findLogo(logo) : null
    if (!found) return new Response(null, { status: 404, headers: { "Cache-Control": "no-store" } })
    return new Response(new Uint8Array(found.bytes), {
      headers: {
        "Content-Type": found.type,
        "Cache-Control": "public, max-age=31536000, immutable",
      },
    })
  } catch (error) {
    return answerError(error, request)
  }
}
export const HEAD = GET
