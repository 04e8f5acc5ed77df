import "server-only"
import { setImmediate } from "node:timers/promises"
import { createFairQueue } from "#lib/adapters/host/fair-queue.ts"
import type { GrantedFile } from "#lib/rooms/claims/access/rows.ts"
import { expiresAt, type Grant, presign } from "#lib/rooms/claims/grant.ts"

/** Signing takes processor time: other requests are handled after each batch of this size. */
const SIGNED_AT_ONCE = 100
/** Claims of more files wait in a queue for each batch. */
export const MAX_UNQUEUED_FILES = 1_000

const queue = createFairQueue({ running: 2 })

/**
 * The files of a grant as JSON, with their URLs unless the share is view-only. A few files are
 * signed at once. More are signed as the client reads them, so that a client which does not read
 * costs only its list of files.
 */
export async function signFiles(grant: Grant): Promise<string | AsyncIterable<string>> {
  const head = `{"expiresAt":${JSON.stringify(expiresAt(grant))},"files":[`
  const { files } = grant
  if (files.length <= SIGNED_AT_ONCE) return `${head}${await signBatch(grant, files)}]}`
  return signInBatches(head, { ...grant, files: [] }, pack(files), files.length)
}

/**
 * Signs batch by batch and queues for each one, not for the whole answer: a slow reader does not
 * block the queue, and many large claims delay other requests by two batches at most.
 */
async function* signInBatches(head: string, grant: Grant, batches: Buffer[], count: number) {
  const sign = async (batch: Buffer) => {
    const signed = await signBatch(grant, unpack(batch))
    await setImmediate()
    return signed
  }
  let before = head
  for (const batch of batches) {
    const signed =
      count > MAX_UNQUEUED_FILES ? await queue.run([], () => sign(batch)) : await sign(batch)
    yield before + signed
    before = ","
  }
  yield "]}"
}

async function signBatch(grant: Grant, files: GrantedFile[]): Promise<string> {
  const signed: string[] = []
  for (const file of files) {
    const { id, name, size, details } = file
    const url = grant.viewOnly ? undefined : await presign(grant, file)
    signed.push(JSON.stringify({ id, name, ...details, size, url }))
  }
  return signed.join(",")
}

/** Serializes rows, so that thousands wait outside of the heap in a fraction of its space. */
function pack(files: GrantedFile[]): Buffer[] {
  const batches: Buffer[] = []
  for (let start = 0; start < files.length; start += SIGNED_AT_ONCE) {
    batches.push(Buffer.from(JSON.stringify(files.slice(start, start + SIGNED_AT_ONCE))))
  }
  return batches
}

const unpack = (batch: Buffer): GrantedFile[] => JSON.parse(batch.toString("utf8"))
