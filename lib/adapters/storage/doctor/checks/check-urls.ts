import "server-only"
import { randomUUID } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import { GetBucketPolicyCommand } from "@aws-sdk/client-s3"
import { configuration } from "#lib/adapters/configuration.ts"
import { type Found, json } from "#lib/adapters/findings/finding.ts"
import { isUnsupported } from "#lib/adapters/storage/calls/reason-of.ts"
import { ask } from "#lib/adapters/storage/doctor/answers.ts"
import { type Probe, SIGNED_PREFIX } from "#lib/adapters/storage/doctor/probe.ts"
import { headObject } from "#lib/adapters/storage/objects.ts"
import { CLAIM_PARAMETER, presignProbe } from "#lib/adapters/storage/presign.ts"
import { bucketStatements, policyOf } from "#lib/adapters/storage/rights/policy.ts"
import { storageClient } from "#lib/adapters/storage/storage-client.ts"

const AGAIN_MS = 500
/** Expired URLs must be refused this soon. The check of clocks reports a larger difference. */
const EXPIRED_WITHIN_MS = 7_000
const OLD_MS = 25 * 60_000
const HOUR_SECONDS = 3_600

/** Checks that a URL works until its end, for the signed length and with the signed query alone. */
export async function checkPresignedUrls(probe: Probe): Promise<Found<"presigned_urls">> {
  const found = await Promise.all([findExpiry(probe), findLength(probe)])
  return found.find((each) => each !== null) ?? { state: "ok", code: "ok" }
}

type Fault = Found<"presigned_urls"> | null

/** Finds out whether an upload is taken whose length differs from the signed one. */
async function findLength(probe: Probe): Promise<Fault> {
  const key = probe.newKey()
  const headers = { "content-length": "3" }
  const signed = { key, signedAt: await probe.now(), expiresInSeconds: 60 }
  const url = await presignProbe({ ...signed, method: "PUT", headers })
  // Not reused, because a store that refuses without reading the body closes the connection.
  const sent = { connection: "close" }
  const { status } = await ask(url, { method: "PUT", headers: sent, body: "four" })
  const isStored = (await headObject(key)) !== null
  return status >= 400 && !isStored ? null : { state: "fail", code: "length" }
}

/** Finds out whether a URL works with another query, or after the second for which it is valid. */
async function findExpiry(probe: Probe): Promise<Fault> {
  const { key } = await probe.put()
  const signedAt = new Date(Number(await probe.now()) - 1_000)
  const query = { [CLAIM_PARAMETER]: randomUUID() }
  const short = await presignProbe({ key, signedAt, expiresInSeconds: 1 })
  const long = await presignProbe({ key, signedAt, expiresInSeconds: 60, query })
  const altered = changed(long, (all) => all.set(CLAIM_PARAMETER, randomUUID()))
  const without = changed(long, (all) => all.delete(CLAIM_PARAMETER))
  for (const url of [altered, without])
    if (!isRefused((await ask(url)).status)) return { state: "fail", code: "altered" }
  const began = performance.now()
  for (;;) {
    const [{ status }, control] = [await ask(short), await ask(long)]
    if (control.status !== 200)
      return { state: "fail", code: "failed", values: { reason: `${control.status} for a GET` } }
    if (isRefused(status)) return null
    const waited = performance.now() - began
    if (waited > EXPIRED_WITHIN_MS) {
      const values = { seconds: Math.round(waited / 1000) }
      return { state: "fail", code: "expiry", values }
    }
    await sleep(AGAIN_MS)
  }
}

const isRefused = (status: number) => status >= 400 && status < 500

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
