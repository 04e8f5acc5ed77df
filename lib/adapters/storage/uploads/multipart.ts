import "server-only"
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  ListPartsCommand,
} from "@aws-sdk/client-s3"
import { configuration } from "#lib/adapters/configuration.ts"
import { long, STORE_TIMEOUTS } from "#lib/adapters/storage/calls/store-timeouts.ts"
import { completeRefusesOverwrite, verifiesPartSha256 } from "#lib/adapters/storage/capabilities.ts"
import { headObject } from "#lib/adapters/storage/objects.ts"
import {
  inBucket,
  isStoreError,
  isUnknownUpload,
  storageClient,
} from "#lib/adapters/storage/storage-client.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"

/** The error codes for parts or an object that changed since they were listed. */
const CHANGED = ["InvalidPart", "PreconditionFailed", "ConditionalRequestConflict"]

type Wanted = {
  contentType: string
  /** Asks the store to verify a SHA-256 with every part. */
  checksums: boolean
}

/** Starts a multipart upload. `checksums` in the answer: whether parts need their SHA-256. */
export async function createMultipart(
  key: string,
  { contentType, checksums }: Wanted,
): Promise<{ uploadId: string; checksums: boolean }> {
  const verified = checksums && (await verifiesPartSha256())
  const { UploadId } = await storageClient().s3.send(
    new CreateMultipartUploadCommand({
      ...inBucket(key),
      ContentType: contentType,
      ...(verified ? { ChecksumAlgorithm: "SHA256" } : {}),
    }),
  )
  if (!UploadId) throw new Error("The store gave a multipart upload no id.")
  return { uploadId: UploadId, checksums: verified }
}

export type Part = {
  partNumber: number
  size: number
  etag: string
  /** The hash that the store verified, in base64. */
  sha256: string | undefined
}

/** Lists the parts that the store has, in order; null if it does not know the upload. */
export async function listParts(
  key: string,
  uploadId: string,
  pageSize = 1000,
): Promise<Part[] | null> {
  const parts: Part[] = []
  let marker: string | undefined
  do {
    const page = await nullIfUnknown(
      storageClient().s3.send(
        new ListPartsCommand({
          ...inBucket(key),
          UploadId: uploadId,
          MaxParts: pageSize,
          PartNumberMarker: marker,
        }),
      ),
    )
    if (!page) return null
    for (const { PartNumber = 0, Size = 0, ETag = "", ChecksumSHA256 } of page.Parts ?? []) {
      parts.push({ partNumber: PartNumber, size: Size, etag: ETag, sha256: ChecksumSHA256 })
    }
    marker = page.IsTruncated ? page.NextPartNumberMarker : undefined
  } while (marker)
  return parts
}

/**
 * Assembles the parts into the object. Returns false if the store does not know the upload or these
 * parts, or already has an object under the key; a HEAD distinguishes these cases. A store may need
 * minutes for 10,000 parts. A request that would wait too long is refused (unavailable), and a
 * later call with the same upload waits for the same work.
 */
export function completeMultipart(key: string, uploadId: string, parts: Part[]): Promise<boolean> {
  return untilAssembled(begunAssembly(uploadId) ?? begin(key, uploadId, parts))
}

/** Waits for an assembly that an earlier `completeMultipart` began; null if there is none. */
export function assemblyUnderWay(uploadId: string): Promise<boolean> | null {
  const begun = begunAssembly(uploadId)
  return begun ? untilAssembled(begun) : null
}

const begunAssembly = (uploadId: string) => storageClient().assemblies.get(uploadId)

function begin(key: string, uploadId: string, parts: Part[]) {
  const { assemblies } = storageClient()
  const assembly = assemble(key, uploadId, parts)
  const forget = () => {
    clearTimeout(timer)
    if (assemblies.get(uploadId) === assembly) assemblies.delete(uploadId)
  }
  const timer = setTimeout(forget, STORE_TIMEOUTS.resend)
  timer.unref()
  assemblies.set(uploadId, assembly)
  assembly.then(forget, forget)
  return assembly
}

async function untilAssembled(assembly: Promise<boolean>): Promise<boolean> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(stillAssembling()), STORE_TIMEOUTS.total)
  try {
    return await Promise.race([assembly, late])
  } finally {
    clearTimeout(timer)
  }
}

const stillAssembling = () => refusal("unavailable", "assembling", {}, { retryAfterSeconds: 5 })

async function assemble(key: string, uploadId: string, parts: Part[]): Promise<boolean> {
  const command = new CompleteMultipartUploadCommand({
    ...inBucket(key),
    UploadId: uploadId,
    ...((await completeRefusesOverwrite()) ? { IfNoneMatch: "*" } : {}),
    MultipartUpload: {
      Parts: parts.map(({ partNumber, etag, sha256 }) => ({
        PartNumber: partNumber,
        ETag: etag,
        ...(sha256 ? { ChecksumSHA256: sha256 } : {}),
      })),
    },
  })
  try {
    // The SDK throws for a 200 that has an error in its body.
    await storageClient().s3.send(command, long())
    return true
  } catch (error) {
    if (isUnknownUpload(error) || isStoreError(error, ...CHANGED)) return false
    // If the object exists, OpenStack Swift answers that the request is invalid.
    if (isStoreError(error, "InvalidRequest") && (await headObject(key))) return false
    // For an unknown upload, Ceph answers with an internal error.
    if (isStoreError(error, "InternalError") && !(await listParts(key, uploadId))) return false
    throw error
  }
}

/** Aborts a multipart upload. It succeeds if the store does not know the upload. */
export async function abortMultipart(key: string, uploadId: string): Promise<void> {
  await nullIfUnknown(
    storageClient().s3.send(
      new AbortMultipartUploadCommand({ ...inBucket(key), UploadId: uploadId }),
    ),
  )
}

type ListedMultipart = { key: string; uploadId: string; initiatedAt: Date }

/** Yields every unfinished multipart upload whose key has the prefix. */
export async function* listMultiparts(
  prefix: string,
  pageSize = 1000,
): AsyncGenerator<ListedMultipart> {
  let next: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } | null = {}
  while (next) {
    const page: ListMultipartUploadsCommandOutput = await storageClient().s3.send(
      new ListMultipartUploadsCommand({
        Bucket: configuration.S3_BUCKET,
        Prefix: prefix,
        MaxUploads: pageSize,
        ...next,
      }),
    )
    for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
      if (Key && UploadId && Initiated)
        yield { key: Key, uploadId: UploadId, initiatedAt: Initiated }
    }
    next = page.IsTruncated
      ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
      : null
  }
}

async function nullIfUnknown<Output>(answer: Promise<Output>): Promise<Output | null> {
  try {
    return await answer
  } catch (error) {
    if (isUnknownUpload(error)) return null
    throw error
  }
}
