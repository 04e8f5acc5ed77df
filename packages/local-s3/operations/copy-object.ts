import { writePrecondition } from "../conditional-requests.ts"
import { findCopySource, MAX_COPY_BYTES } from "../copy-source.ts"
import { linkBlob, removeBlob, withBlob } from "../disk/blobs.ts"
import { storeObject } from "../disk/objects.ts"
import { requireBucket } from "../disk/store.ts"
import { readObjectHeaders, refuseUnsupportedHeaders } from "../object-headers.ts"
import { headerValue, type RequestContext, requireValidKey } from "../request-context.ts"
import { sendXml } from "../respond.ts"
import { S3Error } from "../s3-error.ts"
import { checksumElements } from "./xml-elements.ts"

/**
 * Copies by hard link: no byte is read, whatever the size. The copy of an object that was uploaded
 * in parts keeps its `md5-N` ETag, where S3 would compute another one.
 */
export async function copyObject(context: RequestContext) {
  const { store } = context
  const bucket = requireBucket(store, context.bucketName)
  const key = requireValidKey(context.key)
  refuseUnsupportedHeaders(context)
  const source = findCopySource(context)
  const directive = headerValue(context, "x-amz-metadata-directive") ?? "COPY"
  if (directive !== "COPY" && directive !== "REPLACE")
    throw new S3Error("InvalidArgument", "Unknown metadata directive.", {
      ArgumentName: "x-amz-metadata-directive",
      ArgumentValue: directive,
    })
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

  const { uploadId: _, blob: from, ...kept } = source.object
  const blob =
    from &&
    (await withBlob(store.blobs, from, () => linkBlob(store.blobs, from, kept.parts?.length)))
  const object = {
    ...kept,
    ...(directive === "REPLACE" && readObjectHeaders(context)),
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
