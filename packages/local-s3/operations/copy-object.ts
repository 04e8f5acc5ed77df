import { linkBlob, removeBlob, withBlob } from "../disk/blobs.ts"
import { requireBucket, requireNotDeleted, type StoredObject } from "../disk/store.ts"
import { storeObject } from "../disk/stored-objects.ts"
import { writePrecondition } from "../requests/conditional-requests.ts"
import { findCopySource, MAX_COPY_BYTES } from "../requests/copy-source.ts"
import { readObjectHeaders, readTags } from "../requests/object-headers.ts"
import { headerValue, type RequestContext, requireValidKey } from "../requests/request-context.ts"
import { sendXml } from "../respond.ts"
import { invalidArgument, S3Error } from "../s3-error.ts"
import { checksumElements } from "./xml-elements.ts"

/**
 * Copies an object by hard link. It reads and writes no bytes, so the reserve of the disk does not
 * limit it. The copy of an object that was uploaded in parts keeps its `md5-N` ETag, where S3 would
 * compute another one.
 */
export async function copyObject(context: RequestContext) {
  const { store } = context
  const bucket = requireBucket(store, context.bucketName)
  const key = requireValidKey(context.key)
  const source = findCopySource(context)
  const directive = copyDirective(context, "metadata")
  const tags = copiedTags(context, source.object)
  requireSourceChecksum(context, source.object)
  if (source.object.size > MAX_COPY_BYTES)
    throw new S3Error(
      "InvalidRequest",
      `The specified copy source is larger than the maximum allowable size for a copy source: ${MAX_COPY_BYTES}`,
    )
  const isItself = source.bucketName === bucket.name && source.key === key
  if (isItself && directive === "COPY")
    throw new S3Error(
      "InvalidRequest",
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    )
  const requirePrecondition = writePrecondition(context)
  requirePrecondition(bucket.objects.get(key))
  requireNotDeleted(store, bucket, key)

  const { uploadId: _, tags: __, blob: from, ...kept } = source.object
  const blob =
    from &&
    (await withBlob(store.blobs, from, () => linkBlob(store.blobs, from, kept.parts?.length)))
  const object = {
    ...kept,
    ...(directive === "REPLACE" && readObjectHeaders(context)),
    ...tags,
    blob,
    lastModified: context.now().getTime(),
  }
  try {
    await storeObject(store, bucket, key, object, requirePrecondition)
  } catch (error) {
    if (error instanceof S3Error && blob) await removeBlob(store.blobs, blob)
    throw error
  }
  sendXml(context, [
    "CopyObjectResult",
    [
      ["LastModified", new Date(object.lastModified).toISOString()],
      ["ETag", `"${object.etag}"`],
      ...checksumElements(object.checksum),
    ],
  ])
}

function copyDirective(context: RequestContext, of: "metadata" | "tagging") {
  const name = `x-amz-${of}-directive`
  const directive = headerValue(context, name) ?? "COPY"
  if (directive === "COPY" || directive === "REPLACE") return directive
  throw invalidArgument(`Unknown ${of} directive.`, name, directive)
}

function copiedTags(context: RequestContext, source: StoredObject) {
  if (copyDirective(context, "tagging") === "REPLACE") return readTags(context)
  if (headerValue(context, "x-amz-tagging"))
    throw new S3Error(
      "InvalidRequest",
      "The x-amz-tagging header can only be used with the x-amz-tagging-directive REPLACE.",
    )
  return source.tags ? { tags: source.tags } : {}
}

/** Requires that a copy keeps the source's checksum: no byte is read to compute another one. */
function requireSourceChecksum(context: RequestContext, { checksum }: StoredObject) {
  const wanted = headerValue(context, "x-amz-checksum-algorithm")?.toUpperCase()
  if (wanted === undefined || wanted === checksum?.algorithm) return
  throw new S3Error("NotImplemented", undefined, { Header: "x-amz-checksum-algorithm" })
}
