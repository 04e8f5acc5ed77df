import { expect, it } from "vitest"
import { ProviderProblem } from "#lib/adapters/oidc/provider.ts"
import { faultOf } from "./provider-fault.ts"

const away = (cause: Error) => new ProviderProblem("away", "does not answer", { cause })

it.each<[ProviderProblem, string]>([
  [new ProviderProblem("cancelled", "access_denied"), "provider_cancelled"],
  [new ProviderProblem("down", "503"), "provider_away"],
  [
    away(Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" })),
    "provider_away",
  ],
  [away(new Error("unable to verify the first certificate")), "provider_setup"],
  [new ProviderProblem("issuer", "https://login.example.com"), "provider_setup"],
  [new ProviderProblem("answer", "invalid_client"), "provider_setup"],
  [new ProviderProblem("expired", "invalid_grant"), "provider_failed"],
])("%s is %s", (problem, fault) => expect(faultOf(problem)).toBe(fault))
