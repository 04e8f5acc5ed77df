import { announcedBody, receiveBody } from "../body.ts"
import { checksumHeader } from "../checksums.ts"
import { writeCondition } from "../conditions.ts"
import { adoptBlob, openDraft, removeBlob } from "../disk/blobs.ts"
import { requireBucket } from "../disk/buckets.ts"
import { putObject as storeObject } from "../disk/objects.ts"
import { type Exchange, requireLegalKey, sendEmpty } from "../exchange.ts"
import { describedObject } from "../object-headers.ts"
import { S3Error } from "../s3-error.ts"

/** PutObject. Nothing is changed unless every byte came and every announced hash was right. */
export async function putObject(exchange: Exchange) {
  const { store, response } = exchange
  const bucket = requireBucket(store, exchange.bucketName)
  const key = requireLegalKey(exchange.key)
  const description = describedObject(exchange)
  const announced = announcedBody(exchange)
  const check = writeCondition(exchange)
  check(bucket.objects.get(key))

  const { size, md5, checksum, blob } = await receiveBlob(exchange, announced)
  try {
    const object = {
      size,
      etag: md5,
      lastModified: exchange.now().getTime(),
      blob,
      ...(checksum && { checksum }),
      ...description,
    }
    await storeObject(store, bucket, key, object, check)
  } catch (error) {
    // After any other error the disk may already name the blob; the next start decides.
    if (error instanceof S3Error && blob) await removeBlob(store.blobs, blob)
    throw error
  }

  response.setHeader("ETag", `"${md5}"`)
  if (checksum) {
    response.setHeader(checksumHeader(checksum.algorithm), checksum.value)
    response.setHeader("x-amz-checksum-type", "FULL_OBJECT")
  }
  sendEmpty(exchange, 200)
}

async function receiveBlob(exchange: Exchange, announced: ReturnType<typeof announcedBody>) {
  const { blobs } = exchange.store
  if (announced.length === 0) {
    const received = await receiveBody(exchange, announced, () => undefined)
    return { ...received, blob: null }
  }
  const draft = await openDraft(blobs)
  try {
    const received = await receiveBody(exchange, announced, draft.write)
    await draft.finish()
    return { ...received, blob: await adoptBlob(blobs, draft.path) }
  } catch (error) {
    await draft.discard()
    throw error
  }
}
