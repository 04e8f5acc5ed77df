import "server-only"
import { CopyObjectCommand, UploadPartCopyCommand } from "@aws-sdk/client-s3"
import { configuration } from "#lib/adapters/configuration.ts"
import { long } from "./calls/store-timeouts.ts"
import { maxParts } from "./capabilities.ts"
import { inBucket, isStoreError, storageClient } from "./storage-client.ts"
import { type OtherTag, taggingOf } from "./tags.ts"
import { inParts, type Upload } from "./uploads/in-parts.ts"

const GIB = 1024 ** 3
/** The largest object that AWS S3 copies at once. Other stores refuse at other sizes. */
const MAX_COPY_BYTES = 5 * GIB
const MIN_PART_BYTES = GIB
const PARTS_AT_ONCE = 8

/** The errors of a store when an object is too large for one CopyObject. */
const TOO_LARGE = ["EntityTooLarge", "InvalidRequest", "InvalidArgument", "NotImplemented"]

/** The metadata that names the file of a copy, so that it can be found without its row. */
export const FILE_METADATA = "lapse-file"

export type Copy = {
  from: string
  /** The bucket of the source; by default the app's. */
  fromBucket?: string
  to: string
  size: number
  contentType: string
  colour: string | null
  otherTags: OtherTag[]
  fileId: string | null
}

/**
 * Copies an object inside the store, with its tags; Ceph leaves the tags out. The source's ETag is
 * no condition, because OpenStack Swift refuses it for an object that was uploaded in parts, and
 * keys are never reused.
 */
export async function copyObject(copy: Copy): Promise<void> {
  if (copy.size > MAX_COPY_BYTES) return copyInParts(copy)
  try {
    await storageClient().s3.send(
      new CopyObjectCommand({
        ...inBucket(copy.to),
        ...source(copy),
        ...described(copy),
        MetadataDirective: "REPLACE",
        TaggingDirective: "REPLACE",
      }),
      long(),
    )
  } catch (error) {
    if (copy.size === 0 || !isStoreError(error, ...TOO_LARGE)) throw error
    await copyInParts(copy)
  }
}

/** Copies an object as a multipart upload, as `copyObject` does with a large one. */
export const copyInParts = (copy: Copy) =>
  inParts(copy.to, described(copy), (upload) => copyParts(copy, upload))

async function copyParts(copy: Copy, upload: Upload) {
  const partSize = Math.max(MIN_PART_BYTES, Math.ceil(copy.size / (await maxParts())))
  const count = Math.ceil(copy.size / partSize)
  const etags: string[] = []
  const numbers = Array.from({ length: count }, (_, index) => index + 1).values()
  const worker = async () => {
    for (const PartNumber of numbers) {
      const first = (PartNumber - 1) * partSize
      const last = Math.min(first + partSize, copy.size) - 1
      const { CopyPartResult } = await storageClient().s3.send(
        new UploadPartCopyCommand({
          ...upload,
          ...source(copy),
          PartNumber,
          CopySourceRange: `bytes=${first}-${last}`,
        }),
        long(),
      )
      etags[PartNumber - 1] = CopyPartResult?.ETag ?? ""
    }
  }
  await Promise.all(Array.from({ length: PARTS_AT_ONCE }, worker))
  return etags.map((ETag, index) => ({ PartNumber: index + 1, ETag }))
}

const source = ({ from, fromBucket = configuration.S3_BUCKET }: Copy) => ({
  CopySource: `${fromBucket}/${from.split("/").map(encodeURIComponent).join("/")}`,
})

function described({ contentType, colour, otherTags, fileId }: Copy) {
  const Tagging = taggingOf({ colour, others: otherTags })
  return {
    ContentType: contentType,
    ...(fileId === null ? {} : { Metadata: { [FILE_METADATA]: fileId } }),
    ...(Tagging ? { Tagging } : {}),
  }
}
