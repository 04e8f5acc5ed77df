import "server-only"
import {
  DeleteObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
} from "@aws-sdk/client-s3"
import { settings } from "#lib/settings.ts"
import { at, door, statusOf } from "./client.ts"

/** Size, type and ETag of an object as the store has it, or null when there is none. Throws when there is no bucket. */
export async function headObject(key: string) {
  try {
    const head = await door().control.send(new HeadObjectCommand(at(key)))
    return { size: head.ContentLength ?? 0, contentType: head.ContentType, etag: head.ETag }
  } catch (error) {
    if (statusOf(error) !== 404) throw error
    // Without a body the answer does not say whether it is the bucket that is missing.
    await checkBucket()
    return null
  }
}

/** Deletes an object; one that is not there is fine. */
export async function deleteObject(key: string): Promise<void> {
  await door().control.send(new DeleteObjectCommand(at(key)))
}

export type ListedObject = { key: string; size: number; lastModified: Date }

/** Every object whose key begins so, in the order of keys. `pageSize` is how many the store is asked for at once. */
export async function* listObjects(prefix: string, pageSize = 1000): AsyncGenerator<ListedObject> {
  let token: string | undefined
  do {
    const page = await door().control.send(
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
  await door().control.send(new HeadBucketCommand({ Bucket: settings.S3_BUCKET }))
}

/** What time it is for the store, to a second. */
export async function storeTime(): Promise<Date> {
  const command = new HeadBucketCommand({ Bucket: settings.S3_BUCKET })
  let date: string | undefined
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args)
      date = (result.response as { headers?: Record<string, string> }).headers?.date
      return result
    },
    { step: "deserialize" },
  )
  await door().control.send(command)
  if (!date) throw new Error("The store's answers have no Date.")
  return new Date(date)
}
