import { writeCondition } from "../conditions.ts"
import { copySource, MAX_COPY_BYTES } from "../copy-source.ts"
import { linkBlob, removeBlob, withBlob } from "../disk/blobs.ts"
import { requireBucket } from "../disk/buckets.ts"
import { putObject } from "../disk/objects.ts"
import { type Exchange, headerValue, requireLegalKey, sendXml } from "../exchange.ts"
import { describedObject, refuseUnsupported } from "../object-headers.ts"
import { S3Error } from "../s3-error.ts"

/**
 * CopyObject, by hard link: no byte is read, whatever the size. The copy of an object that was uploaded
 * in parts keeps its `md5-N` ETag, where S3 would compute another one.
 */
export async function copyObject(exchange: Exchange) {
  const { store } = exchange
  const bucket = requireBucket(store, exchange.bucketName)
  const key = requireLegalKey(exchange.key)
  refuseUnsupported(exchange)
  const source = copySource(exchange)
  const directive = headerValue(exchange, "x-amz-metadata-directive") ?? "COPY"
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
  const check = writeCondition(exchange)
  check(bucket.objects.get(key))

  const { uploadId: _, blob: from, ...kept } = source.object
  const blob =
    from &&
    (await withBlob(store.blobs, from, () => linkBlob(store.blobs, from, kept.parts?.length)))
  const object = {
    ...kept,
    ...(directive === "REPLACE" && describedObject(exchange)),
    blob,
    lastModified: exchange.now().getTime(),
  }
  try {
    await putObject(store, bucket, key, object, check)
  } catch (error) {
    if (error instanceof S3Error && blob) await removeBlob(store.blobs, blob)
    throw error
  }
  sendXml(exchange, [
    "CopyObjectResult",
    [
      ["LastModified", new Date(object.lastModified).toISOString()],
      ["ETag", `"${object.etag}"`],
      ...(object.checksum
        ? [[`Checksum${object.checksum.algorithm}`, object.checksum.value] as const]
        : []),
    ],
  ])
}
