import "server-only"
import { randomUUID } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import { GetBucketPolicyCommand } from "@aws-sdk/client-s3"
import { configuration } from "#lib/adapters/configuration.ts"
import { type Found, json } from "#lib/adapters/findings/finding.ts"
import { isUnsupported } from "#lib/adapters/storage/calls/reason-of.ts"
import { ask } from "#lib/adapters/storage/doctor/answers.ts"
import { type Probe, SIGNED_PREFIX } from "#lib/adapters/storage/doctor/probe.ts"
import { CLAIM_PARAMETER, presignProbe } from "#lib/adapters/storage/presign.ts"
import { bucketStatements, policyOf } from "#lib/adapters/storage/rights/policy.ts"
import { storageClient } from "#lib/adapters/storage/storage-client.ts"

const AGAIN_MS = 500
/** Expired URLs must be refused this soon. The check of clocks reports a larger difference. */
const EXPIRED_WITHIN_MS = 7_000
const OLD_MS = 25 * 60_000
const HOUR_SECONDS = 3_600

/** Checks that a URL valid for a second is refused after that, while another URL works. */
export async function checkExpiry(probe: Probe): Promise<Found<"expiry">> {
  const { key } = await probe.put()
  const signedAt = new Date(Number(await probe.now()) - 1_000)
  const short = await presignProbe({ key, signedAt, expiresInSeconds: 1 })
  const long = await presignProbe({ key, signedAt, expiresInSeconds: 60 })
  const began = performance.now()
  for (;;) {
    const [{ status }, control] = [await ask(short), await ask(long)]
    if (control.status !== 200)
      return { state: "fail", code: "failed", values: { reason: `${control.status} for a GET` } }
    if (status >= 400 && status < 500) return { state: "ok", code: "ok" }
    const waited = performance.now() - began
    if (waited > EXPIRED_WITHIN_MS) {
      const values = { seconds: Math.round(waited / 1000) }
      return { state: "fail", code: "ignored", values }
    }
    await sleep(AGAIN_MS)
  }
}

/** Checks whether x-lapse-claim is accepted, and only with the signed value. */
export async function checkClaimParameter(probe: Probe): Promise<Found<"claim_parameter">> {
  const { key } = await probe.put()
  const query = { [CLAIM_PARAMETER]: randomUUID() }
  const signedAt = await probe.now()
  const url = await presignProbe({ key, signedAt, expiresInSeconds: 60, query })
  const { status } = await ask(url)
  if (status !== 200) return { state: "fail", code: "refused", values: { status } }
  const altered = changed(url, (all) => all.set(CLAIM_PARAMETER, randomUUID()))
  const without = changed(url, (all) => all.delete(CLAIM_PARAMETER))
  const answers = [await ask(altered), await ask(without)]
  const isRefused = answers.every((answer) => answer.status >= 400 && answer.status < 500)
  return isRefused ? { state: "ok", code: "ok" } : { state: "fail", code: "altered" }
}

function changed(address: string, change: (query: URLSearchParams) => void) {
  const url = new URL(address)
  change(url.searchParams)
  return url.href
}

/** Checks whether a policy limits the age of a signature, by asking the store for an object. */
export async function checkSignatureAge(probe: Probe): Promise<Found<"signature_age">> {
  if (probe.kind() === "embedded") return { state: "skipped", code: "embedded" }
  const { key } = await probe.put(SIGNED_PREFIX)
  const signedAt = new Date(Number(await probe.now()) - OLD_MS)
  const { status } = await ask(
    await presignProbe({ key, signedAt, expiresInSeconds: HOUR_SECONDS }),
  )
  if (status !== 200) return { state: "ok", code: "ok" }
  if (probe.kind() === "ceph") return { state: "warn", code: "ceph" }
  if (!(await hasPolicies())) return { state: "warn", code: "no_policies" }
  return { state: "warn", code: "not_enforced", paste: json(ageStatements()) }
}

/** Whether the store supports policies. The app's key does not need to read them. */
async function hasPolicies() {
  const policy = new GetBucketPolicyCommand({ Bucket: configuration.S3_BUCKET })
  return storageClient()
    .s3.send(policy)
    .then(
      () => true,
      (error: unknown) => !isUnsupported(error),
    )
}

function ageStatements() {
  const input = { bucket: configuration.S3_BUCKET, app: "", signers: [], tls: true }
  const { Statement } = policyOf(bucketStatements(input, "aws"))
  return Statement.filter(({ Sid }) => Sid?.startsWith("LapseAddressAge"))
}
