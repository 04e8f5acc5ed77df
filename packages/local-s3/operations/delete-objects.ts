import { receiveXml } from "../body/request-body.ts"
import { requireBucket } from "../disk/store.ts"
import { removeObject } from "../disk/stored-objects.ts"
import { writePrecondition } from "../requests/conditional-requests.ts"
import { type RequestContext, requireValidKey } from "../requests/request-context.ts"
import { childText, type Element, type Node } from "../requests/xml.ts"
import { sendEmpty, sendXml } from "../respond.ts"
import { S3Error } from "../s3-error.ts"

const MAX_KEYS = 1000
/** Conditions of S3 for directory buckets only; ignored, they would delete too much. */
const CONDITIONS = ["Size", "LastModifiedTime"]

/** Answers DeleteObject: 204 whether or not the object existed. */
export async function deleteObject(context: RequestContext) {
  const { store } = context
  const bucket = requireBucket(store, context.bucketName)
  const key = requireValidKey(context.key)
  await removeObject(store, bucket, key, writePrecondition(context))
  sendEmpty(context, 204)
}

/** Deletes up to 1,000 keys and reports the result of each. */
export async function deleteObjects(context: RequestContext) {
  const bucket = requireBucket(context.store, context.bucketName)
  const root = await receiveXml(context, "Delete", "required")
  const entries = root.children.filter(({ name }) => name === "Object")
  if (entries.length === 0 || entries.length > MAX_KEYS) throw new S3Error("MalformedXML")
  const quiet = childText(root, "Quiet") === "true"

  const deleteOne = async (entry: Node): Promise<Element | null> => {
    const key = childText(entry, "Key")
    if (!key) throw new S3Error("MalformedXML")
    try {
      const version = childText(entry, "VersionId")
      if (version && version !== "null") throw new S3Error("NoSuchVersion")
      if (CONDITIONS.some((name) => childText(entry, name) !== undefined))
        throw new S3Error("NotImplemented")
      await removeObject(context.store, bucket, requireValidKey(key), (current) => {
        const etag = childText(entry, "ETag")?.replaceAll('"', "")
        if (etag !== undefined && etag !== "*" && etag !== current?.etag)
          throw new S3Error("PreconditionFailed")
      })
      return quiet ? null : ["Deleted", [["Key", key]]]
    } catch (error) {
      if (!(error instanceof S3Error)) throw error
      return [
        "Error",
        [
          ["Key", key],
          ["Code", error.code],
          ["Message", error.message],
        ],
      ]
    }
  }
  const results = await Promise.all(entries.map(deleteOne))
  sendXml(context, ["DeleteResult", results.filter((result) => result !== null)])
}
