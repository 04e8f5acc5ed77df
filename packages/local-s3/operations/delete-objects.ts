import { receiveXml } from "../body.ts"
import { writeCondition } from "../conditions.ts"
import { requireBucket } from "../disk/buckets.ts"
import { deleteObject as forgetObject } from "../disk/objects.ts"
import { type Exchange, requireLegalKey, sendEmpty, sendXml } from "../exchange.ts"
import { S3Error } from "../s3-error.ts"
import { childText, type Element, type Node } from "../xml.ts"

const MAX_KEYS = 1000

/** DeleteObject: 204 whether or not there was one. */
export async function deleteObject(exchange: Exchange) {
  const { store } = exchange
  const bucket = requireBucket(store, exchange.bucketName)
  const key = requireLegalKey(exchange.key)
  await forgetObject(store, bucket, key, writeCondition(exchange))
  sendEmpty(exchange, 204)
}

/** DeleteObjects: up to 1,000 keys, each answered for itself. */
export async function deleteObjects(exchange: Exchange) {
  const bucket = requireBucket(exchange.store, exchange.bucketName)
  const root = await receiveXml(exchange, "Delete", "required")
  const entries = root.children.filter(({ name }) => name === "Object")
  if (entries.length === 0 || entries.length > MAX_KEYS) throw new S3Error("MalformedXML")
  const quiet = childText(root, "Quiet") === "true"

  const deleteOne = async (entry: Node): Promise<Element | null> => {
    const key = childText(entry, "Key")
    if (!key) throw new S3Error("MalformedXML")
    try {
      const version = childText(entry, "VersionId")
      if (version && version !== "null") throw new S3Error("NoSuchVersion")
      await forgetObject(exchange.store, bucket, requireLegalKey(key), (current) => {
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
  sendXml(exchange, ["DeleteResult", results.filter((result) => result !== null)])
}
