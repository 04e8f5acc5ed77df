import {
  DeleteObjectTaggingCommand,
  GetObjectTaggingCommand,
  PutObjectTaggingCommand,
  type Tag,
} from "@aws-sdk/client-s3"
import { inBucket, storageClient } from "#lib/adapters/storage/storage-client.ts"

/** All tags of an object, in the order of their names. */
export async function tagsOf(key: string): Promise<Tag[]> {
  const { TagSet = [] } = await storageClient().s3.send(new GetObjectTaggingCommand(inBucket(key)))
  return TagSet.sort((a, b) => ((a.Key ?? "") < (b.Key ?? "") ? -1 : 1))
}

/** Replaces all tags, as another program does. */
export const replaceTags = (key: string, TagSet: Tag[]) =>
  storageClient().s3.send(new PutObjectTaggingCommand({ ...inBucket(key), Tagging: { TagSet } }))

export const removeTags = (key: string) =>
  storageClient().s3.send(new DeleteObjectTaggingCommand(inBucket(key)))

/** Acts as a virus scanner: it reads the tags, and writes them back later with its own added. */
export async function beginScan(key: string) {
  const before = (await tagsOf(key)).filter(({ Key }) => Key !== "scanned")
  return () => replaceTags(key, [...before, { Key: "scanned", Value: "clean" }])
}

/** `count` tags of another program. */
export const someTags = (count: number): Tag[] =>
  Array.from({ length: count }, (_, n) => ({ Key: `team-${n}`, Value: `cost centre ${n}/a=b+c` }))
