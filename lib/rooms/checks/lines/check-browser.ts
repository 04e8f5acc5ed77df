import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { type Found, json } from "#lib/adapters/findings/finding.ts"
import { namedCorsRule, publicStorageOrigin } from "#lib/adapters/storage.ts"
import type { Tools } from "#lib/rooms/checks/tools.ts"

/**
 * Checks whether a browser reaches the store as pages do. A run requested by a browser has that
 * browser's result. Other runs keep the last result as long as the addresses are the same.
 */
export async function checkBrowser({ browser }: Pick<Tools, "browser">): Promise<Found<"browser">> {
  const { result, earlier } = browser
  const { APP_URL: url } = configuration
  const values = { origin: await publicStorageOrigin(), url, at: new Date().toISOString() }
  if (result === null) return { state: "ok", code: "ok", values }
  if (result) {
    const { failed, reason } = result
    const paste = json({ CORSRules: [namedCorsRule(url)] })
    return { state: "fail", code: failed, values: { ...values, reason }, paste }
  }
  const { origin } = values
  if (earlier?.values?.origin === origin && earlier.values.url === url)
    return earlier as Found<"browser"> // written above, perhaps by an earlier version
  return { state: "skipped", code: "never", values: { origin, url } }
}
