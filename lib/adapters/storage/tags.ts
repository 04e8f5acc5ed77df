import "server-only"
import { setTimeout as sleep } from "node:timers/promises"
import {
  GetObjectTaggingCommand,
  PutObjectTaggingCommand,
  S3ServiceException,
} from "@aws-sdk/client-s3"
import { STORE_TIMEOUTS } from "./calls/store-timeouts.ts"
import { inBucket, isStoreError, statusOf, storageClient } from "./storage-client.ts"

/** The tag that says which signer may read an object. Only Lapse writes it. */
export const SIGNER_TAG = "signer"

export const MAX_TAGS = 10

/** A tag that another program gave an object. */
export type OtherTag = { name: string; value: string }

export type ObjectTags = { colour: string | null; others: OtherTag[] }

export const taggingOf = (tags: ObjectTags) =>
  tagSetOf(tags)
    .map(({ Key, Value }) => `${encodeURIComponent(Key)}=${encodeURIComponent(Value)}`)
    .join("&")

const tagSetOf = ({ colour, others }: ObjectTags) => [
  ...others.map(({ name, value }) => ({ Key: name, Value: value })),
  ...(colour === null ? [] : [{ Key: SIGNER_TAG, Value: colour }]),
]

/**
 * Gives an object a colour and keeps its other tags. Returns `missing` if there is no such object,
 * `full` if it has as many other tags as S3 allows and nothing was written, and `unsure` if the
 * store did not answer, so that the write may have happened or may still arrive. Throws if it is
 * certain that nothing was written.
 */
export const colourObject = (key: string, colour: string): Promise<Written> =>
  writeTags(key, ({ others }) => ({ colour, others }))

/** Adds tags to an object's tags. Returns the same as `colourObject`. */
export const addTags = (key: string, tags: ObjectTags): Promise<Written> =>
  writeTags(key, ({ others }) => {
    const names = new Set(tags.others.map(({ name }) => name))
    const kept = others.filter(({ name }) => !names.has(name))
    return { colour: tags.colour, others: [...kept, ...tags.others] }
  })

type Written = "written" | "unsure" | "missing" | "full"

const WRITES = 20
const BETWEEN_WRITES_MS = 50

/** Reads and writes all tags. If Ceph refuses one of two simultaneous writes, reads again. */
async function writeTags(
  key: string,
  change: (before: ObjectTags) => ObjectTags,
): Promise<Written> {
  for (let write = 1; ; write += 1) {
    const before = await readTags(key)
    if (before === null) return "missing"
    const TagSet = tagSetOf(change(before))
    if (TagSet.length > MAX_TAGS) return "full"
    try {
      await storageClient().s3Once.send(
        new PutObjectTaggingCommand({ ...inBucket(key), Tagging: { TagSet } }),
        { abortSignal: AbortSignal.timeout(STORE_TIMEOUTS.tag) },
      )
      return "written"
    } catch (error) {
      if (statusOf(error) === 404) return "missing"
      if (write === WRITES || !isStoreError(error, "OperationAborted")) {
        if (isCertain(error)) throw error
        return "unsure"
      }
      await sleep(Math.random() * BETWEEN_WRITES_MS)
    }
  }
}

/** Whether certainly nothing was written: it was refused, or never left this machine. */
function isCertain(error: unknown) {
  if (error instanceof S3ServiceException) {
    const status = statusOf(error)
    return status === 501 || (status !== undefined && status >= 400 && status < 500)
  }
  return ["ECONNREFUSED", "ENOTFOUND", "EHOSTUNREACH", "ENETUNREACH", "EAI_AGAIN"].includes(
    String((error as { code?: unknown } | null)?.code),
  )
}

/** Reads an object's tags from the store; null if there is no such object. */
export async function readTags(key: string): Promise<ObjectTags | null> {
  try {
    const { TagSet = [] } = await storageClient().s3.send(
      new GetObjectTaggingCommand(inBucket(key)),
      { abortSignal: AbortSignal.timeout(STORE_TIMEOUTS.tag) },
    )
    const tags = TagSet.map(({ Key = "", Value = "" }) => ({ name: Key, value: Value }))
    return {
      colour: tags.find(({ name }) => name === SIGNER_TAG)?.value ?? null,
      others: tags.filter(({ name }) => name !== SIGNER_TAG),
    }
  } catch (error) {
    if (statusOf(error) === 404) return null
    throw error
  }
}

/** Reads an object's colour from the store; null if it has none or does not exist. */
export const readColour = async (key: string): Promise<string | null> =>
  (await readTags(key))?.colour ?? null

/** Reads other programs' tags; none without support for tags or the right to read them. */
export async function readOtherTags(key: string): Promise<OtherTag[]> {
  try {
    return (await readTags(key))?.others ?? []
  } catch (error) {
    const status = statusOf(error) ?? 0
    if ((status >= 400 && status < 500) || status === 501) return []
    throw error
  }
}
