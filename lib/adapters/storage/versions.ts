import "server-only"
import { DeleteObjectCommand, ListObjectVersionsCommand } from "@aws-sdk/client-s3"
import { configuration } from "#lib/adapters/configuration.ts"
import { inBucket, storageClient } from "./storage-client.ts"

/**
 * Deletes an object with all its versions. Returns false if the store did not report any versions,
 * which may happen for an object that was deleted before.
 */
export async function deleteWithVersions(key: string): Promise<boolean> {
  const { DeleteMarker } = await storageClient().s3.send(new DeleteObjectCommand(inBucket(key)))
  if (!DeleteMarker) return false
  await deleteVersions(key)
  return true
}

/**
 * Deletes an object of a probe, and its versions if the key has the permission. Returns whether the
 * store keeps versions, by its answer or by `isKept`. Does not fail without the permission, unlike
 * the deletion of a file.
 */
export async function deleteProbe(
  key: string,
  isKept: () => Promise<boolean> = async () => false,
): Promise<boolean> {
  const { DeleteMarker } = await storageClient().s3.send(new DeleteObjectCommand(inBucket(key)))
  // Ceph does not report the delete marker of a deletion that was sent twice.
  const keeps = DeleteMarker === true || (await isKept())
  if (keeps) await deleteVersions(key).catch(() => {})
  return keeps
}

/** Deletes every version of an object, including delete markers. */
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
