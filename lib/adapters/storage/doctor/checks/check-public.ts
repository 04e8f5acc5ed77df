import "server-only"
import { randomUUID } from "node:crypto"
import { configuration } from "#lib/adapters/configuration.ts"
import { type Found, json } from "#lib/adapters/findings/finding.ts"
import { reasonOf } from "#lib/adapters/storage/calls/reason-of.ts"
import { ask, codeIn } from "#lib/adapters/storage/doctor/answers.ts"
import type { Probe } from "#lib/adapters/storage/doctor/probe.ts"
import {
  dispositionOf,
  presignGet,
  presignPart,
  presignPut,
  publicStorageOrigin,
} from "#lib/adapters/storage/presign.ts"
import { CORS_HEADERS, namedCorsRule } from "#lib/adapters/storage/rights/bucket-rules.ts"

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

/** Checks whether the app's pages may put, get and send parts by URLs, and read the headers. */
export async function checkCors(probe: Probe): Promise<Found<"cors">> {
  const { key } = await probe.put()
  const get = await clickAddress(probe, key)
  const signedAt = await probe.now()
  const sent = { size: 1, signedAt }
  const put = await presignPut({ key: probe.newKey(), contentType: "text/plain", ...sent })
  const part = await presignPart({ ...(await probe.beginUpload()), partNumber: 1, ...sent })
  const preflights = [
    await preflight("PUT", put.url, CORS_HEADERS.PUT),
    await preflight("PUT", part.url, CORS_HEADERS.PUT),
    await preflight("GET", get, CORS_HEADERS.GET),
    await checkSent("refused", put),
    await checkSent("part", part),
  ]
  return preflights.find((found) => found !== null) ?? (await checkExposed(get))
}

/** Sends a byte as a page does. A store may allow a preflight and hide the answer. */
async function checkSent(
  code: "refused" | "part",
  { url, headers }: { url: string; headers: Record<string, string> },
): Promise<Found<"cors"> | null> {
  const origin = configuration.APP_URL
  const sent = { ...headers, origin }
  const answer = await ask(url, { method: "PUT", headers: sent, body: "x" })
  if (answer.status === 200 && isFor(answer.headers, origin)) return null
  const values = { origin, method: "PUT", status: answer.status, bucket: configuration.S3_BUCKET }
  return { state: "fail", code, values, paste: rule() }
}

const rule = () => json({ CORSRules: [namedCorsRule(configuration.APP_URL)] })

async function preflight(
  method: "PUT" | "GET",
  url: string,
  headers: readonly string[],
): Promise<Found<"cors"> | null> {
  const origin = configuration.APP_URL
  const answer = await ask(url, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": method,
      "access-control-request-headers": headers.join(","),
    },
  })
  const values = { origin, method }
  const allowed = listIn(answer.headers, "access-control-allow-headers")
  const missing = headers.filter((header) => !allowed.includes(header) && !allowed.includes("*"))
  const status = answer.status
  if (status < 300 && isFor(answer.headers, origin) && allowsMethod(answer.headers, method)) {
    if (missing.length === 0) return null
    const found = { ...values, headers: missing.join(", ") }
    return { state: "fail", code: "headers", values: found, paste: rule() }
  }
  // Some stores refuse the whole preflight because of one header.
  return { state: "fail", code: "refused", values: { ...values, status }, paste: rule() }
}

async function checkExposed(url: string): Promise<Found<"cors">> {
  const origin = configuration.APP_URL
  const answer = await ask(url, { headers: { origin } })
  if (!isFor(answer.headers, origin)) {
    const values = { origin, method: "GET", status: answer.status }
    return { state: "fail", code: "refused", values, paste: rule() }
  }
  const exposed = listIn(answer.headers, "access-control-expose-headers")
  const missing = CORS_HEADERS.exposed.filter((header) => !exposed.includes(header))
  if (missing.length === 0 || exposed.includes("*"))
    return { state: "ok", code: "ok", values: { origin } }
  const values = { origin, headers: missing.join(", ") }
  return { state: "warn", code: "exposed", values, paste: rule() }
}

const isFor = (headers: Headers, origin: string) =>
  [origin, "*"].includes(headers.get("access-control-allow-origin") ?? "")

const allowsMethod = (headers: Headers, method: string) =>
  listIn(headers, "access-control-allow-methods").includes(method.toLowerCase())

const listIn = (headers: Headers, name: string) =>
  (headers.get(name) ?? "").split(",").map((each) => each.trim().toLowerCase())
