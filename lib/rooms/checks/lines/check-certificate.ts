import "server-only"
import { once } from "node:events"
import { connect, type PeerCertificate } from "node:tls"
import { configuration } from "#lib/adapters/configuration.ts"
import type { Found } from "#lib/adapters/findings/finding.ts"
import { isLoopback } from "#lib/adapters/http/is-loopback.ts"
import { publicStorageOrigin, reasonOf } from "#lib/adapters/storage.ts"

const ANSWER_MS = 5_000
const DAY_MS = 86_400_000
/** Warns this many days before the expiry. Automatic renewal happens earlier. */
const SOON_DAYS = 14
const NAMES_SHOWN = 3

/** The order in which one finding of two addresses is shown. */
const WORST = ["fail", "warn", "ok", "skipped"] as const

/** Checks whether browsers accept the certificates of APP_URL and the store, and for how long. */
export async function checkCertificates(): Promise<Found<"tls">> {
  const found = await Promise.all([
    check(configuration.APP_URL, "none"),
    check(await publicStorageOrigin(), "store_none"),
  ])
  const [worst] = WORST.flatMap((state) => found.filter((each) => each.state === state))
  return worst ?? found[0]
}

async function check(origin: string, none: "none" | "store_none"): Promise<Found<"tls">> {
  const { protocol, hostname, host } = new URL(origin)
  if (isLoopback(hostname)) return { state: "skipped", code: "local", values: { host } }
  if (protocol === "http:") return { state: "warn", code: none, values: { host } }
  return inspectCertificate(new URL(origin))
}

/** Checks whether browsers accept the certificate of an https server, and for how long. */
export async function inspectCertificate(url: URL, now = new Date()): Promise<Found<"tls">> {
  const { host } = url
  try {
    return judge(host, await readCertificate(url), now.getTime())
  } catch (error) {
    return { state: "skipped", code: "away", values: { host, reason: reasonOf(error) } }
  }
}

type Read = { certificate: PeerCertificate; problem: string | null }

/** Reads a server's certificate, and why it is not trusted, if it is not. */
async function readCertificate({ hostname, port }: URL): Promise<Read> {
  const host = hostname.replace(/^\[|\]$/g, "")
  const socket = connect({
    host,
    port: Number(port || 443),
    ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
    rejectUnauthorized: false, // nothing is sent, and the error is reported
  })
  try {
    await once(socket, "secureConnect", { signal: AbortSignal.timeout(ANSWER_MS) })
    const { authorizationError } = socket
    const problem = authorizationError ? codeOf(authorizationError) : null
    return { certificate: socket.getPeerCertificate(), problem }
  } finally {
    socket.on("error", () => {})
    socket.destroy()
  }
}

const codeOf = (error: Error | string) =>
  typeof error === "string" ? error : "code" in error ? String(error.code) : error.message

function judge(host: string, { certificate, problem }: Read, now: number): Found<"tls"> {
  const ends = new Date(certificate.valid_to)
  const end = ends.toISOString()
  if (Number(ends) < now) return { state: "fail", code: "ended", values: { host, end } }
  if (problem === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const names = (certificate.subjectaltname ?? "").split(", ").slice(0, NAMES_SHOWN).join(", ")
    return { state: "fail", code: "other_name", values: { host, names } }
  }
  if (problem) return { state: "fail", code: "untrusted", values: { host, reason: problem } }
  if (Number(ends) < now + SOON_DAYS * DAY_MS)
    return { state: "warn", code: "ends", values: { host, end, days: SOON_DAYS } }
  return { state: "ok", code: "ok", values: { host, end } }
}
