import "server-only"
import { randomBytes } from "node:crypto"
import { PutObjectCommand } from "@aws-sdk/client-s3"
import type { Opening } from "#lib/host/host-state.ts"
import { STORE_TIMEOUTS } from "../calls/store-timeouts.ts"
import { presignGet } from "../presign.ts"
import { SIGNER_PROBE_PREFIX } from "../probe-signers.ts"
import { inBucket, storageClient } from "../storage-client.ts"
import { deleteProbe } from "../versions.ts"

/**
 * Tries with an object of its own what strangers may do at the endpoint for browsers; null for
 * nothing. Throws if the store does not answer.
 */
export async function findOpening(now: Date): Promise<Opening | null> {
  const { s3, publicBaseUrl } = storageClient()
  const bytes = randomBytes(16).toString("hex")
  const key = `${SIGNER_PROBE_PREFIX}${bytes}`
  const base = await publicBaseUrl
  const signed = await presignGet({
    key,
    colour: null,
    claim: bytes,
    name: "probe",
    contentType: "text/plain",
    disposition: "attachment",
    expiresInSeconds: 60,
    signedAt: now,
  })
  await s3.send(new PutObjectCommand({ ...inBucket(key), Body: bytes }))
  try {
    // A proxy may answer anything with a page, so only the bytes count.
    if ((await read(`${base.href}${key}`)).includes(bytes)) return "get"
    const forged = signed.replace(/(X-Amz-Signature=)[0-9a-f]+/, `$1${"0".repeat(64)}`)
    if ((await read(forged)).includes(bytes)) return "signature"
    const query = new URLSearchParams({ "list-type": "2", prefix: key })
    if ((await read(`${base.href}?${query}`)).includes("<ListBucketResult")) return "list"
    return null
  } finally {
    deleteProbe(key).catch(() => {}) // if it fails, sweep-probes.ts removes it later
  }
}

async function read(url: string): Promise<string> {
  const signal = AbortSignal.timeout(STORE_TIMEOUTS.probe)
  const answer = await fetch(url, { redirect: "manual", signal })
  return answer.ok ? answer.text() : ""
}
