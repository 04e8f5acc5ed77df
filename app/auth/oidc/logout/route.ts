import type { NextRequest } from "next/server"
import { endProviderSessions } from "#lib/accounts/provider/end-provider-sessions.ts"
import { withAddress } from "#lib/audit/origin.ts"
import { Refusal } from "#lib/errors.ts"
import { readLogoutToken } from "#lib/oidc/logout-token.ts"
import { logOutage } from "#lib/outages/outage-log.ts"
import { refusalOf } from "#lib/outages/refusal-of.ts"
import { answerError } from "#lib/web/api/answer-error.ts"
import { clientAddress } from "#lib/web/read-client-address.ts"

const NO_STORE = { "Cache-Control": "no-store" }

/**
 * Ends the sessions that the provider's logout token names (OpenID Connect Back-Channel Logout
 * 1.0). The provider calls it, without cookies; the token alone proves who asks.
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
