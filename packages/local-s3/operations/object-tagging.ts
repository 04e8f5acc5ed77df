import { receiveXml } from "../body/request-body.ts"
import { requireBucket, requireObject } from "../disk/store.ts"
import { replaceTags } from "../disk/stored-objects.ts"
import { writePrecondition } from "../requests/conditional-requests.ts"
import { parseTagging, taggingElement } from "../requests/object-tags.ts"
import type { RequestContext } from "../requests/request-context.ts"
import { sendEmpty, sendXml } from "../respond.ts"

export async function getObjectTagging(context: RequestContext) {
  const { tags = [] } = requireObject(context.store, context.bucketName, context.key)
  sendXml(context, taggingElement(tags))
}

/** Replaces all tags of an object at once. Its bytes, ETag and Last-Modified do not change. */
export async function putObjectTagging(context: RequestContext) {
  const { store, bucketName, key } = context
  requireObject(store, bucketName, key)
  const tags = parseTagging(await receiveXml(context, "Tagging", "required"))
  const bucket = requireBucket(store, bucketName)
  await replaceTags(store, bucket, key, tags, writePrecondition(context))
  sendEmpty(context, 200)
}

export async function deleteObjectTagging(context: RequestContext) {
  const { store, bucketName, key } = context
  const bucket = requireBucket(store, bucketName)
  await replaceTags(store, bucket, key, [], writePrecondition(context))
  sendEmpty(context, 204)
}
