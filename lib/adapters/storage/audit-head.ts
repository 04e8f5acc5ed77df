import "server-only"
import { Readable } from "node:stream"
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3"
import { STORE_TIMEOUTS } from "./calls/store-timeouts.ts"
import { matchOf, NO_ETAG, refusesOverwrite } from "./capabilities.ts"
import { AUDIT_PREFIX } from "./rights/app-rights.ts"
import { inBucket, isStoreError, statusOf, storageClient } from "./storage-client.ts"

export const AUDIT_HEAD_KEY = `${AUDIT_PREFIX}head.json`

/** The maximum number of bytes that are read. A head has about 250. */
const MAX_BYTES = 4096

export type StoredHead = {
  /** The text as it was written; empty if it is too long to be a head. */
  text: string
  etag: string
  writtenAt: Date
}

/** Returns the head of the audit log in the bucket, or null. Throws if it cannot be read. */
export async function readAuditHead(ms = STORE_TIMEOUTS.total): Promise<StoredHead | null> {
  const abortSignal = AbortSignal.timeout(ms)
  try {
    const { Body, ContentLength, ETag, LastModified } = await storageClient().s3.send(
      new GetObjectCommand(inBucket(AUDIT_HEAD_KEY)),
      { abortSignal },
    )
    if (!(Body instanceof Readable)) throw new Error("the answer of the store has no body")
    // The deadline of a call covers only its answer; this one also covers the body.
    abortSignal.addEventListener("abort", () => Body.destroy(abortSignal.reason), { once: true })
    const isTooLong = (ContentLength ?? 0) > MAX_BYTES
    const text = isTooLong ? "" : await Body.transformToString()
    Body.destroy()
    return { text, etag: ETag ?? "", writtenAt: LastModified ?? new Date(0) }
  } catch (error) {
    if (isStoreError(error, "NoSuchKey")) return null
    throw error
  }
}

/**
 * Replaces the head with this ETag, or writes the first head if it is null. Returns false, and
 * keeps the current head, if the bucket has another one by now. A store without conditional writes
 * overwrites any head.
 */
export async function writeAuditHead(text: string, etag: string | null): Promise<boolean> {
  if (etag === null) return put(text, (await refusesOverwrite()) ? { IfNoneMatch: "*" } : {})
  const IfMatch = await matchOf(etag)
  return put(text, IfMatch === null ? {} : { IfMatch })
}

type Condition = { IfMatch?: string; IfNoneMatch?: string }

async function put(text: string, condition: Condition) {
  const { s3, s3Once } = storageClient()
  // Without a condition, a retry could overwrite a later head.
  const client = Object.keys(condition).length > 0 ? s3 : s3Once
  try {
    await client.send(
      new PutObjectCommand({
        ...inBucket(AUDIT_HEAD_KEY),
        Body: text,
        ContentType: "application/json",
        ...condition,
      }),
    )
    return true
  } catch (error) {
    // 404: the head to replace was deleted; 409: another write was running.
    if ([409, 412].includes(statusOf(error) ?? 0) || isStoreError(error, "NoSuchKey")) return false
    throw error
  }
}

/**
 * Whether the store replaces the head only if its ETag matches. Throws if the app's key may not
 * write it. Writes nothing.
 */
export async function tryAuditHead(): Promise<boolean> {
  const IfMatch = await matchOf(NO_ETAG)
  if (IfMatch === null) return false
  await put("{}", { IfMatch })
  return true
}
