import "server-only"
import { randomBytes } from "node:crypto"
import { configuration } from "#lib/adapters/configuration.ts"
import { plainLine } from "#lib/adapters/text/plain-text.ts"
import { clientAuthentication } from "./authorization.ts"
import { ANSWER_MS, type Provider, providerAddresses } from "./provider.ts"

const MAX_ANSWER = 200

/** How the provider treats the client. `answer` is the provider's own text. */
type ClientTrial = { client: "accepted" | "refused" | "unknown"; answer: string }

/**
 * Sends an invalid code to the token endpoint, as a sign-in would. A provider that accepts the
 * client refuses only the code (RFC 6749, section 5.2). The result is unknown if a wrong secret
 * gets the same answer, because the provider then checks the code first. Throws connection errors.
 */
export async function tryClient(provider: Provider): Promise<ClientTrial> {
  const asked = await ask(provider, configuration.OIDC_CLIENT_SECRET ?? "")
  if (asked.client !== "accepted") return asked
  const control = await ask(provider, randomText())
  return control.client === "accepted" ? { ...asked, client: "unknown" } : asked
}

async function ask(provider: Provider, secret: string): Promise<ClientTrial> {
  const headers = new Headers({ Accept: "application/json" })
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    code: randomText(),
    redirect_uri: providerAddresses().redirect,
    code_verifier: randomText(),
  })
  const client = { client_id: configuration.OIDC_CLIENT_ID ?? "" }
  clientAuthentication(provider, secret)(provider, client, body, headers)
  const response = await fetch(provider.token_endpoint, {
    method: "POST",
    redirect: "manual",
    headers,
    body,
    signal: AbortSignal.timeout(ANSWER_MS),
  })
  const answer: unknown = await response.json().catch(() => null)
  const error = textOf(answer, "error")
  const words = [error || response.status, textOf(answer, "error_description")].filter(Boolean)
  return { client: judged(response.status, error), answer: words.join(": ") }
}

function judged(status: number, error: string): ClientTrial["client"] {
  // Keycloak answers unauthorized_client to a wrong secret.
  const isRefused = error === "invalid_client" || error === "unauthorized_client" || status === 401
  if (isRefused) return "refused"
  return error === "invalid_grant" ? "accepted" : "unknown"
}

function textOf(answer: unknown, name: string) {
  const value = typeof answer === "object" && answer !== null ? Reflect.get(answer, name) : null
  return typeof value === "string" ? plainLine(value.slice(0, MAX_ANSWER)) : ""
}

const randomText = () => randomBytes(32).toString("base64url")
