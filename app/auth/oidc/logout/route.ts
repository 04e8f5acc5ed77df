import type { NextRequest } from "next/server"
import { Refusal } from "#lib/adapters/errors.ts"
import { readLogoutToken } from "#lib/adapters/oidc/logout-token.ts"
import { logOutage } from "#lib/adapters/outages/outage-log.ts"
import { refusalOf } from "#lib/adapters/outages/refusal-of.ts"
import { endProviderSessions } from "#lib/rooms/accounts/provider/end-provider-sessions.ts"
import { withAddress } from "#lib/rooms/audit/origin.ts"
import { answerError } from "#lib/web/answer-error.ts"
import { clientAddress } from "#lib/web/read-client-address.ts"

const NO_STORE = { "Cache-Control": "no-store" }

/**
 * Ends the sessions that the provider's logout token names (OpenID Connect Back-Channel Logout
 * 1.0). The provider calls it, without cookies; only the token identifies the caller.
 */
export async function POST(request: NextRequest): Promise<Response> {
  try {
    const form = new URLSearchParams(await request.text())
    const token = await readLogoutToken(form.get("logout_token") ?? "")
    await withAddress(clientAddress(request.headers), () => endProviderSessions(token))
    return new Response(null, { status: 200, headers: NO_STORE })
  } catch (error) {
    const refusal = refusalOf(error)
    if (!(refusal instanceof Refusal)) return answerError(error, request)
    logOutage(refusal, "A logout of the provider was refused.") // anyone can call it
    const body = { error: "invalid_request", error_description: refusal.message }
    return Response.json(body, { status: refusal.status, headers: NO_STORE })
  }
}
