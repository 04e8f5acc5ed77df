import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import type { Found } from "#lib/adapters/findings/finding.ts"
import { connectionFault } from "#lib/adapters/outages/connection-fault.ts"
import { storeName } from "#lib/adapters/outages/store-lack.ts"
import { isRefusal, reasonOf } from "#lib/adapters/storage/calls/reason-of.ts"
import { findPublicAccess } from "#lib/adapters/storage/doctor/find-public-access.ts"
import type { Probe } from "#lib/adapters/storage/doctor/probe.ts"
import { checkBucket } from "#lib/adapters/storage/objects.ts"
import { publicStorageOrigin } from "#lib/adapters/storage/presign.ts"
import { statusOf } from "#lib/adapters/storage/storage-client.ts"

/** Checks whether the app's key may use the bucket, and write to it. */
export async function checkCredentials(probe: Probe): Promise<Found<"credentials">> {
  const values = { bucket: configuration.S3_BUCKET, place: storeName() }
  try {
    await checkBucket()
  } catch (error) {
    const status = statusOf(error)
    const reason = reasonOf(error)
    if (status === 404) return { state: "fail", code: "no_bucket", values }
    if (isRefusal(error)) return { state: "fail", code: "refused", values: { ...values, reason } }
    if (status === 301 || status === 400)
      return { state: "fail", code: "region", values: { ...values, status } }
    if (error instanceof Error && error.name === "CredentialsProviderError")
      return { state: "fail", code: "no_keys" }
    const fault = connectionFault(reason)
    if (fault === "no_trust" || fault === "no_room") throw error // the list explains these
    return { state: "fail", code: "away", values: { ...values, reason } }
  }
  try {
    await probe.put()
    return { state: "ok", code: "ok", values }
  } catch (error) {
    const reason = reasonOf(error)
    if (!isRefusal(error) || connectionFault(reason)) throw error
    return { state: "fail", code: "read_only", values: { ...values, reason } }
  }
}

/** Checks that strangers can neither read nor list the bucket, and that signatures are verified. */
export async function checkPrivate({ now }: Probe): Promise<Found<"private">> {
  const origin = await publicStorageOrigin()
  const found = await findPublicAccess(await now())
  const values = { origin, bucket: configuration.S3_BUCKET }
  if (found === null) return { state: "ok", code: "ok", values }
  return { state: "fail", code: found, values }
}
