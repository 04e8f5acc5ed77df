import "server-only"
import { setImmediate } from "node:timers/promises"
import type { GrantedFile } from "#lib/claims/access/rows.ts"
import { expiresAt, type Grant, presign } from "#lib/claims/grant.ts"
import { createFairQueue } from "#lib/host/fair-queue.ts"

/** Signing takes processor time: other requests get a turn after so many. */
const SIGNED_AT_ONCE = 100
/** Claims of more files take turns with each other. */
export const WITHOUT_TURN = 1_000

const turns = createFairQueue({ running: 2 })

/**
 * The files of a grant as JSON, with the URLs of all but a view-only share: one text for a few files. More are signed as the
 * client reads them, so that one which does not read costs no more than its list of files.
 */
export async function signFiles(grant: Grant): Promise<string | AsyncIterable<string>> {
  const head = `{"expiresAt":${JSON.stringify(expiresAt(grant))},"files":[`
  const { files } = grant
  if (files.length <= SIGNED_AT_ONCE) return `${head}${await signBatch(grant, files)}]}`
  return signInBatches(head, { ...grant, files: [] }, pack(files), files.length)
}

/**
 * Waits for its turn before each batch and not for the whole answer: a slow reader holds no turn,
 * and many large claims delay the other requests by two batches at most.
 */
async function* signInBatches(head: string, grant: Grant, batches: Buffer[], count: number) {
  const sign = async (batch: Buffer) => {
    const signed = await signBatch(grant, unpack(batch))
    await setImmediate()
    return signed
  }
  let before = head
  for (const batch of batches) {
    const signed = count > WITHOUT_TURN ? await turns.run([], () => sign(batch)) : await sign(batch)
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

/** Thousands of rows wait as bytes, outside of the heap and a fraction of their size as objects. */
function pack(files: GrantedFile[]): Buffer[] {
  const batches: Buffer[] = []
  for (let start = 0; start < files.length; start += SIGNED_AT_ONCE) {
    batches.push(Buffer.from(JSON.stringify(files.slice(start, start + SIGNED_AT_ONCE))))
  }
  return batches
}

const unpack = (batch: Buffer): GrantedFile[] => JSON.parse(batch.toString("utf8"))
