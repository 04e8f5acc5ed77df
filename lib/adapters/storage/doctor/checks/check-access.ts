import "server-only"
import { HeadBucketCommand, S3Client } from "@aws-sdk/client-s3"
import { configuration } from "#lib/adapters/configuration.ts"
import type { Found } from "#lib/adapters/findings/finding.ts"
import { connectionFault } from "#lib/adapters/outages/connection-fault.ts"
import { storeName } from "#lib/adapters/outages/store-lack.ts"
import { isRefusal, reasonOf } from "#lib/adapters/storage/calls/reason-of.ts"
import { findPublicAccess } from "#lib/adapters/storage/doctor/find-public-access.ts"
import type { Probe } from "#lib/adapters/storage/doctor/probe.ts"
import { checkBucket } from "#lib/adapters/storage/objects.ts"
import { publicStorageOrigin } from "#lib/adapters/storage/presign.ts"
import { statusOf, storageClient } from "#lib/adapters/storage/storage-client.ts"

/** Checks whether the app's key may use the bucket. */
export async function checkCredentials(): Promise<Found<"credentials">> {
  const values = { bucket: configuration.S3_BUCKET, place: storeName() }
  try {
    await checkBucket()
    return { state: "ok", code: "ok", values }
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
}

/** Checks when the app's key expires, if it is temporary. */
export async function checkTemporary(): Promise<Found<"temporary_credentials">> {
  const { expiration, sessionToken } = await storageClient().publicS3.config.credentials()
  if (expiration) {
    const values = { at: expiration.toISOString() }
    return { state: "warn", code: "temporary", values }
  }
  return sessionToken ? { state: "warn", code: "unknown_end" } : { state: "ok", code: "permanent" }
}

/** Checks whether the store finds the bucket where URLs name it: in the path or the host name. */
export async function checkAddressing(): Promise<Found<"addressing">> {
  const { config } = storageClient().s3
  const isPath = config.forcePathStyle === true
  try {
    await checkBucket()
    return { state: "ok", code: isPath ? "path" : "host" }
  } catch (error) {
    if (!(await findsBucket(!isPath))) return { state: "skipped", code: "unreachable" }
    const values = { setting: String(!isPath), reason: reasonOf(error) }
    return { state: "fail", code: "other_works", values }
  }
}

async function findsBucket(forcePathStyle: boolean) {
  const { region, credentials, requestHandler } = storageClient().s3.config
  const endpoint = configuration.S3_ENDPOINT ? { endpoint: configuration.S3_ENDPOINT } : {}
  const shared = { region, credentials, requestHandler, ...endpoint }
  const client = new S3Client({ ...shared, forcePathStyle, maxAttempts: 1 })
  try {
    await client.send(new HeadBucketCommand({ Bucket: configuration.S3_BUCKET }))
    return true
  } catch {
    return false
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

/** Checks whether the app's key may write. */
export async function checkWrite(probe: Probe): Promise<Found<"write">> {
  try {
    await probe.put()
    return { state: "ok", code: "ok" }
  } catch (error) {
    if (!isRefusal(error) || connectionFault(reasonOf(error))) throw error
    return { state: "fail", code: "refused", values: { reason: reasonOf(error) } }
  }
}
