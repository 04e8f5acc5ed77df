import { join } from "node:path"
import type { CorsRule } from "../access/cors.ts"
import type { Checksum, ChecksumAlgorithm, ChecksumType } from "../body/checksums.ts"
import type { Tag } from "../requests/object-tags.ts"
import { S3Error } from "../s3-error.ts"
import type { Blobs } from "./blobs.ts"
import type { DeletedKeys } from "./deleted-keys.ts"
import type { KeyedLock } from "./keyed-lock.ts"
import type { SortedMap } from "./sorted-map.ts"

/**
 * Everything under one directory:
 *   blobs/<ab>/<blob>                            immutable bytes
 *   buckets/<bucket>/bucket.json                 the bucket itself, with its CORS rules
 *   buckets/<bucket>/objects/<ab>/<hash>.json    one object, by the SHA-256 of its key
 *   buckets/<bucket>/uploads/<id>/               a multipart upload and its parts
 *   deleted/                                     keys that were recently deleted, if the store keeps them
 *   tmp/                                         unfinished files and directories
 * Every change takes effect by one rename, so a crash leaves the old state or the new one. The data
 * for listings is kept in memory, and is read once at start. One process per directory.
 */
export type Store = {
  directory: string
  temporaries: string
  blobs: Blobs
  buckets: Map<string, Bucket>
  deletedKeys: DeletedKeys
  withLock: KeyedLock
}

export type Bucket = {
  name: string
  createdAt: number
  cors: CorsRule[]
  objects: SortedMap<StoredObject>
  uploads: Map<string, Upload>
  /** Completed uploads by id, for repeated requests of a client after the object was replaced. */
  completions: Map<string, RememberedCompletion>
}

/** An object: the properties that S3 returns, and the blob with its bytes, null if empty. */
export type StoredObject = {
  size: number
  etag: string
  lastModified: number
  blob: string | null
  parts?: ObjectPart[]
  checksum?: Checksum
  /** Content-Type and similar headers, by lower-case name. */
  headers: Record<string, string>
  metadata: Record<string, string>
  tags?: Tag[]
  /** The multipart upload that made it, to answer a repeated completion. */
  uploadId?: string
}

/** One part of an object that was uploaded in parts; `md5` is hex. */
type ObjectPart = { size: number; md5: string; checksum?: Checksum }

export type UploadSettings = {
  key: string
  initiatedAt: number
  headers: Record<string, string>
  metadata: Record<string, string>
  tags?: Tag[]
  checksumAlgorithm?: ChecksumAlgorithm
  checksumType?: ChecksumType
}

export type Upload = UploadSettings & { id: string; parts: Map<number, UploadPart> }

/** A part that is complete on the disk. */
export type UploadPart = {
  number: number
  uploadedAt: number
  size: number
  md5: string
  checksum?: Checksum
}

/** The answer to the completion of a multipart upload. */
export type Completion = { etag: string; checksum?: Checksum | undefined }

export type RememberedCompletion = Completion & { key: string }

/** A precondition of a write: throws if the current object does not meet it. */
export type Precondition = (current: StoredObject | undefined) => void

export function bucketPath(store: Store, name: string) {
  return join(store.directory, "buckets", name)
}

export function requireBucket(store: Store, name: string): Bucket {
  const bucket = store.buckets.get(name)
  if (!bucket) throw new S3Error("NoSuchBucket", undefined, { BucketName: name })
  return bucket
}

export function requireObject(store: Store, bucketName: string, key: string): StoredObject {
  const object = requireBucket(store, bucketName).objects.get(key)
  if (!object) throw new S3Error("NoSuchKey", undefined, { Key: key })
  return object
}

export function requireUpload(bucket: Bucket, key: string, id: string): Upload {
  const upload = bucket.uploads.get(id)
  if (upload?.key !== key) throw new S3Error("NoSuchUpload", undefined, { UploadId: id })
  return upload
}

/** Refuses to store anything under a recently deleted key, if the store keeps such keys. */
export function requireNotDeleted({ deletedKeys }: Store, bucket: Bucket, key: string) {
  if (!deletedKeys.has(bucket.name, key)) return
  throw new S3Error("AccessDenied", "This key was deleted lately and takes no object now.", {
    Key: key,
  })
}
