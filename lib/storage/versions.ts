import "server-only"
import { DeleteObjectCommand, ListObjectVersionsCommand } from "@aws-sdk/client-s3"
import { configuration } from "#lib/configuration.ts"
import { inBucket, storageClient } from "./client.ts"

/**
 * Deletes an object with all its versions. False: the store did not say that it keeps any, which it
 * may not say of an object that was deleted before.
 */
export async function deleteWithVersions(key: string): Promise<boolean> {
  const { DeleteMarker } = await storageClient().s3.send(new DeleteObjectCommand(inBucket(key)))
  if (!DeleteMarker) return false
  await deleteVersions(key)
  return true
}

/**
 * Deletes what a probe wrote, and its versions where the key may. Returns whether the store keeps
 * versions. Without the right it is the deletion of a file that fails.
 */
export async function deleteProbe(key: string): Promise<boolean> {
  const { DeleteMarker } = await storageClient().s3.send(new DeleteObjectCommand(inBucket(key)))
  if (DeleteMarker) await deleteVersions(key).catch(() => {})
  return DeleteMarker === true
}

/** Deletes every version of an object, delete markers included. */
export async function deleteVersions(key: string): Promise<void> {
  const { s3 } = storageClient()
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(
      new ListObjectVersionsCommand({ Bucket: configuration.S3_BUCKET, Prefix: key }),
    )
    const own = [...Versions, ...DeleteMarkers].filter(({ Key }) => Key === key)
    if (own.length === 0) return
    for (const { VersionId } of own) {
      await s3.send(new DeleteObjectCommand({ ...inBucket(key), VersionId }))
    }
  }
}
