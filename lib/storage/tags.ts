import "server-only"
import { setTimeout as sleep } from "node:timers/promises"
import {
  GetObjectTaggingCommand,
  PutObjectTaggingCommand,
  S3ServiceException,
} from "@aws-sdk/client-s3"
import { inBucket, isStoreError, statusOf, storageClient } from "./client.ts"
import { STORE_TIMEOUTS } from "./timeouts.ts"

/** The tag that says which signer may read an object. */
export const SIGNER_TAG = "signer"

/** The tag of a colour as headers carry it. */
export const taggingOf = (colour: string) => `${SIGNER_TAG}=${colour}`

/**
 * Gives an object a colour. `unsure`: the store did not answer, so the write may have happened or
 * may still arrive. `missing`: there is no such object. Throws where it is certain that nothing was
 * written.
 */
export async function colourObject(
  key: string,
  colour: string,
): Promise<"written" | "unsure" | "missing"> {
  try {
    await putTag(key, colour)
    return "written"
  } catch (error) {
    if (statusOf(error) === 404) return "missing"
    if (isCertain(error)) throw error
    return "unsure"
  }
}

const WRITES = 20
const BETWEEN_WRITES_MS = 50

/** Ceph refuses one of two simultaneous writes of the tags of an object: that one goes again. */
async function putTag(key: string, colour: string) {
  const command = new PutObjectTaggingCommand({
    ...inBucket(key),
    Tagging: { TagSet: [{ Key: SIGNER_TAG, Value: colour }] },
  })
  for (let write = 1; ; write += 1) {
    try {
      return await storageClient().s3Once.send(command, {
        abortSignal: AbortSignal.timeout(STORE_TIMEOUTS.tag),
      })
    } catch (error) {
      if (write === WRITES || !isStoreError(error, "OperationAborted")) throw error
      await sleep(Math.random() * BETWEEN_WRITES_MS)
    }
  }
}

/** The store refused the request, or it never left this machine. */
function isCertain(error: unknown) {
  if (error instanceof S3ServiceException) {
    const status = statusOf(error)
    return status !== undefined && status >= 400 && status < 500
  }
  return ["ECONNREFUSED", "ENOTFOUND", "EHOSTUNREACH", "ENETUNREACH", "EAI_AGAIN"].includes(
    String((error as { code?: unknown } | null)?.code),
  )
}

/** The colour that the store has for an object; null: none, or no such object. */
export async function readColour(key: string): Promise<string | null> {
  try {
    const { TagSet = [] } = await storageClient().s3.send(
      new GetObjectTaggingCommand(inBucket(key)),
      { abortSignal: AbortSignal.timeout(STORE_TIMEOUTS.tag) },
    )
    return TagSet.find(({ Key }) => Key === SIGNER_TAG)?.Value ?? null
  } catch (error) {
    if (statusOf(error) === 404) return null
    throw error
  }
}
