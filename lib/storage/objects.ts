import "server-only"
import {
  DeleteObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  S3ServiceException,
} from "@aws-sdk/client-s3"
import { settings } from "#lib/settings.ts"
import { inBucket, statusOf, storageClient } from "./client.ts"
import { FILE_METADATA } from "./copy.ts"

/**
 * Size, type, encoding and ETag of an object as the store has it, and of a copy the file that it is
 * of; null when there is no object. Throws when there is no bucket.
 */
export async function headObject(key: string) {
  try {
    const head = await storageClient().s3.send(new HeadObjectCommand(inBucket(key)))
    return {
      size: head.ContentLength ?? 0,
      contentType: head.ContentType,
      contentEncoding: encodingOf(head.ContentEncoding),
      etag: head.ETag,
      fileId: head.Metadata?.[FILE_METADATA] ?? null,
    }
  } catch (error) {
    if (statusOf(error) !== 404) throw error
    // A HEAD answer has no body, so it does not say whether the bucket or the object is missing.
    await checkBucket()
    return null
  }
}

/** The encoding of the stored bytes; null for none. aws-chunked is of the transfer alone. */
function encodingOf(header: string | undefined): string | null {
  const encodings = (header ?? "").split(",").map((each) => each.trim().toLowerCase())
  return (
    encodings.filter((each) => !["", "identity", "aws-chunked"].includes(each)).join(", ") || null
  )
}

/**
 * Deletes an object, in a bucket that keeps versions with all of them; one that is not there is
 * fine.
 */
export async function deleteObject(key: string): Promise<void> {
  const { DeleteMarker } = await storageClient().s3.send(new DeleteObjectCommand(inBucket(key)))
  if (DeleteMarker) await deleteVersions(key)
}

async function deleteVersions(key: string) {
  const { s3 } = storageClient()
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(
      new ListObjectVersionsCommand({ Bucket: settings.S3_BUCKET, Prefix: key }),
    )
    const own = [...Versions, ...DeleteMarkers].filter(({ Key }) => Key === key)
    if (own.length === 0) return
    for (const { VersionId } of own) {
      await s3.send(new DeleteObjectCommand({ ...inBucket(key), VersionId }))
    }
  }
}

export type ListedObject = { key: string; size: number; lastModified: Date }

/** Every object whose key has the prefix, in the order of keys. `pageSize` is for one request. */
export async function* listObjects(prefix: string, pageSize = 1000): AsyncGenerator<ListedObject> {
  let token: string | undefined
  do {
    const page = await storageClient().s3.send(
      new ListObjectsV2Command({
        Bucket: settings.S3_BUCKET,
        Prefix: prefix,
        MaxKeys: pageSize,
        ContinuationToken: token,
      }),
    )
    for (const { Key, Size, LastModified } of page.Contents ?? []) {
      if (Key && LastModified) yield { key: Key, size: Size ?? 0, lastModified: LastModified }
    }
    token = page.IsTruncated ? page.NextContinuationToken : undefined
  } while (token)
}

/** Throws when the bucket cannot be reached with these credentials. */
export async function checkBucket(): Promise<void> {
  await storageClient().s3.send(new HeadBucketCommand({ Bucket: settings.S3_BUCKET }))
}

/**
 * The store's clock, cut off to a second. A store that refuses the request says it too: it does so
 * where its clock and this machine's are too far apart.
 */
export async function storeTime(): Promise<Date> {
  const command = new HeadBucketCommand({ Bucket: settings.S3_BUCKET })
  let date: string | undefined
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args)
      date = dateOf(result.response)
      return result
    },
    { step: "deserialize" },
  )
  try {
    await storageClient().s3.send(command)
  } catch (error) {
    if (statusOf(error) !== 403) throw error
    date = error instanceof S3ServiceException ? dateOf(error.$response) : undefined
    if (!date) throw error
  }
  if (!date) throw new Error("The store's answers have no Date.")
  return new Date(date)
}

const dateOf = (response: unknown) =>
  (response as { headers?: Record<string, string> } | undefined)?.headers?.date
