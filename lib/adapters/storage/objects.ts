import "server-only"
import {
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3ServiceException,
} from "@aws-sdk/client-s3"
import { configuration } from "#lib/adapters/configuration.ts"
import { STORE_TIMEOUTS } from "./calls/store-timeouts.ts"
import { keepsVersions } from "./capabilities.ts"
import { FILE_METADATA } from "./copy.ts"
import { inBucket, statusOf, storageClient } from "./storage-client.ts"
import { deleteVersions, deleteWithVersions } from "./versions.ts"

/**
 * Returns the size, type, encoding and ETag of an object in the store and, for a copy, the id of
 * its file; null if there is no object. Throws if there is no bucket.
 */
export async function headObject(key: string, bucket = configuration.S3_BUCKET) {
  try {
    const head = await storageClient().s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))
    return {
      size: head.ContentLength ?? 0,
      contentType: head.ContentType,
      contentEncoding: encodingOf(head.ContentEncoding),
      etag: head.ETag,
      fileId: head.Metadata?.[FILE_METADATA] ?? null,
    }
  } catch (error) {
    if (statusOf(error) !== 404) throw error
    // A HEAD answer has no body, so it does not say whether the bucket or the object is missing.
    await checkBucket(bucket)
    return null
  }
}

/** Returns at most this many bytes from the start of an object. The object must not be empty. */
export async function readStart(key: string, bytes: number): Promise<Uint8Array> {
  const Range = `bytes=0-${bytes - 1}`
  const { Body } = await storageClient().s3.send(new GetObjectCommand({ ...inBucket(key), Range }))
  return (await Body?.transformToByteArray()) ?? new Uint8Array()
}

const RANGE_BYTES = 16 * 1024 ** 2

/**
 * Yields the bytes of an object in ranges, so that each has its own timeout. Throws if the object
 * does not exist or is replaced meanwhile.
 */
export async function* readObject(key: string): AsyncGenerator<Uint8Array> {
  const head = await headObject(key)
  if (!head) throw new Error("the object is missing")
  for (let at = 0; at < head.size; at += RANGE_BYTES) {
    const Range = `bytes=${at}-${Math.min(at + RANGE_BYTES, head.size) - 1}`
    const { Body } = await storageClient().s3.send(
      new GetObjectCommand({ ...inBucket(key), Range, IfMatch: head.etag }),
      { abortSignal: AbortSignal.timeout(STORE_TIMEOUTS.long) },
    )
    yield (await Body?.transformToByteArray()) ?? new Uint8Array()
  }
}

/** The encoding of the stored bytes; null for none. aws-chunked only concerns the transfer. */
function encodingOf(header: string | undefined): string | null {
  const encodings = (header ?? "").split(",").map((each) => each.trim().toLowerCase())
  return (
    encodings.filter((each) => !["", "identity", "aws-chunked"].includes(each)).join(", ") || null
  )
}

/** Deletes an object, with all its versions. It succeeds if there is no such object. */
export async function deleteObject(key: string): Promise<void> {
  // Ceph does not report versions of an object deleted before, for example by a process that died.
  if (!(await deleteWithVersions(key)) && (await keepsVersions())) await deleteVersions(key)
}

export type ListedObject = { key: string; size: number; lastModified: Date }

/** Yields the objects whose key has the prefix, by key. `pageSize` applies to each request. */
export async function* listObjects(prefix: string, pageSize = 1000): AsyncGenerator<ListedObject> {
  let token: string | undefined
  do {
    const page = await storageClient().s3.send(
      new ListObjectsV2Command({
        Bucket: configuration.S3_BUCKET,
        Prefix: prefix,
        MaxKeys: pageSize,
        ContinuationToken: token,
      }),
    )
    for (const { Key, Size, LastModified } of page.Contents ?? []) {
      if (Key && LastModified) yield { key: Key, size: Size ?? 0, lastModified: LastModified }
    }
    token = page.IsTruncated ? page.NextContinuationToken : undefined
  } while (token)
}

/** Throws if the bucket cannot be reached with these credentials. */
export async function checkBucket(bucket = configuration.S3_BUCKET): Promise<void> {
  await storageClient().s3.send(new HeadBucketCommand({ Bucket: bucket }))
}

/**
 * Returns the store's time, rounded down to a second. A store also sends it with a refusal, for
 * example when its clock and this machine's are too far apart.
 */
export async function storeTime(): Promise<Date> {
  const { date } = await bucketHeaders()
  if (!date) throw new Error("The store's answers have no Date.")
  return new Date(date)
}

/** The kinds of store that Lapse treats or describes differently. */
export type StoreKind = "embedded" | "ceph" | "swift" | "other"

export async function storeKind(): Promise<StoreKind> {
  const headers = await bucketHeaders()
  const { server = "", "x-amz-request-id": requestId = "" } = headers
  if (server === "local-s3") return "embedded"
  if (headers["x-openstack-request-id"]) return "swift"
  return /ceph/i.test(server) || CEPH_REQUEST.test(requestId) ? "ceph" : "other"
}

/** A transaction id of Ceph: a 64-bit number in 21 digits; OpenStack Swift has random ones. */
const CEPH_REQUEST = /^tx0{5}[0-9a-f]{16}-[0-9a-f]{10}-/

type Headers = Record<string, string | undefined>

/** Returns the headers of the answer to a HEAD of the bucket, even if that is refused. */
async function bucketHeaders(): Promise<Headers> {
  const command = new HeadBucketCommand({ Bucket: configuration.S3_BUCKET })
  let headers: Headers = {}
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args)
      headers = headersOf(result.response)
      return result
    },
    { step: "deserialize" },
  )
  try {
    await storageClient().s3.send(command)
    return headers
  } catch (error) {
    const refused = error instanceof S3ServiceException ? headersOf(error.$response) : {}
    if (statusOf(error) !== 403 || !refused.date) throw error
    return refused
  }
}

const headersOf = (response: unknown) =>
  (response as { headers?: Headers } | undefined)?.headers ?? {}
