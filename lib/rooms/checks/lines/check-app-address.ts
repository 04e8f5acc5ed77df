import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import type { Found } from "#lib/adapters/findings/finding.ts"
import { isLoopback } from "#lib/adapters/http/is-loopback.ts"
import { reasonOf } from "#lib/adapters/storage.ts"

const ANSWER_MS = 5_000

/** Checks whether Lapse answers at APP_URL. Never connects to the host that a request names. */
export async function checkAppAddress(): Promise<Found<"app_address">> {
  const { APP_URL: url, PORT: port } = configuration
  const signal = AbortSignal.timeout(ANSWER_MS)
  const asked = fetch(`${url}/api/live`, { redirect: "manual", signal })
  const answer = await asked.catch((error: unknown) => ({ reason: reasonOf(error) }))
  if ("reason" in answer)
    return { state: "warn", code: "away", values: { url, port, reason: answer.reason } }
  const { status, headers } = answer
  const location = headers.get("location")
  if (status >= 300 && status < 400 && location)
    return { state: "fail", code: "redirected", values: { url, location } }
  if (status !== 204) return { state: "fail", code: "other", values: { url, port, status } }
  if (isLoopback(new URL(url).hostname))
    return { state: "warn", code: "this_machine", values: { url } }
  return { state: "ok", code: "ok", values: { url } }
}
