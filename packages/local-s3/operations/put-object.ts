import { checksumHeader } from "../body/checksums.ts"
import type { Room } from "../body/disk-reserve.ts"
import type { Draft } from "../body/drafts.ts"
import { expectedBody, receiveBody } from "../body/request-body.ts"
import { commitBlob, removeBlob } from "../disk/blobs.ts"
import { withTemporaryFile } from "../disk/files/temporary-file.ts"
import { requireBucket, requireNotDeleted } from "../disk/store.ts"
import { storeObject } from "../disk/stored-objects.ts"
import { writePrecondition } from "../requests/conditional-requests.ts"
import { readObjectHeaders, readTags } from "../requests/object-headers.ts"
import { type RequestContext, requireValidKey } from "../requests/request-context.ts"
import { sendEmpty } from "../respond.ts"
import { S3Error } from "../s3-error.ts"

/** Stores an object, if every byte arrived and matches every hash that was sent. */
export async function putObject(context: RequestContext) {
  const { store, response } = context
  const bucket = requireBucket(store, context.bucketName)
  const key = requireValidKey(context.key)
  const described = { ...readObjectHeaders(context), ...readTags(context) }
  const expected = expectedBody(context)
  const requirePrecondition = writePrecondition(context)
  requirePrecondition(bucket.objects.get(key))
  requireNotDeleted(store, bucket, key)

  const slot = context.authentication.presigned ? `object ${bucket.name}/${key}` : null
  const receive = async (draft: Draft, room: Room) => {
    const { size, md5, checksum, blob } = await receiveBlob(context, expected, draft, room)
    try {
      const object = {
        size,
        etag: md5,
        lastModified: context.now().getTime(),
        blob,
        ...(checksum && { checksum }),
        ...described,
      }
      await storeObject(store, bucket, key, object, requirePrecondition)
    } catch (error) {
      // Otherwise the object's file may already name the blob. The next start removes unused blobs.
      if (error instanceof S3Error && blob) await removeBlob(store.blobs, blob)
      throw error
    }
    return { md5, checksum }
  }
  const { md5, checksum } = await context.drafts.run(slot, (draft) =>
    context.reserve.write(expected.length, (room) => receive(draft, room)),
  )

  response.setHeader("ETag", `"${md5}"`)
  if (checksum) {
    response.setHeader(checksumHeader(checksum.algorithm), checksum.value)
    response.setHeader("x-amz-checksum-type", "FULL_OBJECT")
  }
  sendEmpty(context, 200)
}

async function receiveBlob(
  context: RequestContext,
  expected: ReturnType<typeof expectedBody>,
  draft: Draft,
  room: Room,
) {
  const { blobs, temporaries } = context.store
  if (expected.length === 0) {
    const received = await receiveBody(context, expected, () => undefined, { draft })
    return { ...received, blob: null }
  }
  return withTemporaryFile(temporaries, room, async (temporary) => {
    const received = await receiveBody(context, expected, temporary.write, { draft })
    await temporary.finish()
    return { ...received, blob: await commitBlob(blobs, temporary.path) }
  })
}
