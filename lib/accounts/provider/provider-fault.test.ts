import { expect, it } from "vitest"
import { ProviderProblem } from "#lib/oidc/provider.ts"
import { faultOf } from "./provider-fault.ts"

const away = (cause: Error) => new ProviderProblem("away", "does not answer", { cause })

it.each<[string | ProviderProblem, string]>([
  ["access_denied", "provider_cancelled"],
  ["server_error", "provider_away"],
  ["ECONNREFUSED ", "provider_away"],
  ["getaddrinfo EAI_AGAIN login.example.org", "provider_away"],
  ["ECONNRESET socket hang up", "provider_away"],
  [new ProviderProblem("down", "503"), "provider_away"],
  [
    away(Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" })),
    "provider_away",
  ],
  [away(new Error("unable to verify the first certificate")), "provider_setup"],
  [new ProviderProblem("issuer", "https://login.example.com"), "provider_setup"],
  ["outgoing request timed out after 8000ms", "provider_away"],
  ["expected 200 OK, got: 503 Service Unavailable", "provider_away"],
  ["invalid_client (client authentication failed)", "provider_setup"],
  ["invalid_scope", "provider_setup"],
  ["unable to verify the first certificate", "provider_setup"],
  ["SELF_SIGNED_CERT_IN_CHAIN self-signed certificate in certificate chain", "provider_setup"],
  ["aud mismatch, expected lapse, got: another", "provider_setup"],
  ["invalid_grant (code was used before)", "provider_failed"],
  ["State cookie was missing.", "provider_failed"],
])("“%s” is %s", (said, fault) => expect(faultOf(said)).toBe(fault))
