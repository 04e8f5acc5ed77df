import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import type { Found } from "#lib/adapters/findings/finding.ts"

/** Checks that TRUSTED_PROXIES has the proxy that serves https, as Lapse itself serves http. */
export async function checkProxies(): Promise<Found<"proxies">> {
  const { APP_URL, TRUSTED_PROXIES } = configuration
  if (TRUSTED_PROXIES.length > 0) return { state: "ok", code: "ok" }
  if (APP_URL.startsWith("https:")) return { state: "warn", code: "missing" }
  return { state: "skipped", code: "none" }
}
