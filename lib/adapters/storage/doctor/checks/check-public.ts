import "server-only"
import { randomUUID } from "node:crypto"
import type { Found } from "#lib/adapters/findings/finding.ts"
import { reasonOf } from "#lib/adapters/storage/calls/reason-of.ts"
import { ask, codeIn } from "#lib/adapters/storage/doctor/answers.ts"
import type { Probe } from "#lib/adapters/storage/doctor/probe.ts"
import { dispositionOf, presignGet, publicStorageOrigin } from "#lib/adapters/storage/presign.ts"

const NAME = "Übersicht 図面.txt"

/** Returns a URL like a click's, signed with the app's key. */
export const clickAddress = async (probe: Pick<Probe, "now">, key: string) =>
  presignGet({
    key,
    colour: null,
    claim: randomUUID(),
    name: NAME,
    contentType: "text/plain",
    disposition: "attachment",
    expiresInSeconds: 60,
    signedAt: await probe.now(),
  })

/** Checks whether the endpoint for browsers is reachable from here and serves downloads. */
export async function checkPublicEndpoint(probe: Probe): Promise<Found<"public_endpoint">> {
  const origin = await publicStorageOrigin()
  const { key, bytes } = await probe.put()
  const url = await clickAddress(probe, key)
  const answer = await ask(url).catch((error: unknown) => ({ reason: reasonOf(error) }))
  if ("reason" in answer)
    return { state: "warn", code: "away", values: { origin, reason: answer.reason } }
  if (answer.status === 200 && answer.text === bytes) return checkOverrides(origin, answer.headers)
  if (codeIn(answer) === "SignatureDoesNotMatch")
    return { state: "fail", code: "host", values: { origin } }
  return { state: "fail", code: "other", values: { origin, status: codeIn(answer) } }
}

/** Checks whether a download has the name and type from its URL. */
function checkOverrides(origin: string, headers: Headers): Found<"public_endpoint"> {
  const wanted = {
    "content-disposition": dispositionOf(NAME, "attachment"),
    "content-type": "text/plain",
    "cache-control": "no-store",
  }
  const ignored = Object.entries(wanted)
    .filter(([name, value]) => !headers.get(name)?.startsWith(value))
    .map(([name]) => name)
  if (ignored.length === 0) return { state: "ok", code: "ok", values: { origin } }
  return { state: "fail", code: "overrides", values: { origin, headers: ignored.join(", ") } }
}
