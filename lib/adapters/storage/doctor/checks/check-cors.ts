import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { type Found, json } from "#lib/adapters/findings/finding.ts"
import { ask } from "#lib/adapters/storage/doctor/answers.ts"
import type { Probe } from "#lib/adapters/storage/doctor/probe.ts"
import { presignPart, presignPut } from "#lib/adapters/storage/presign.ts"
import { CORS_HEADERS, namedCorsRule } from "#lib/adapters/storage/rights/bucket-rules.ts"
import { clickAddress } from "./check-public.ts"

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
