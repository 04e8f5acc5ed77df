import "server-only"
import { db } from "#lib/adapters/database.ts"
import { addJob } from "#lib/adapters/queue.ts"
import { colouredAfter, repairTags } from "./repair-tags.ts"

const BATCH = 500

/**
 * Writes the tags of live objects from their rows where the two differ, as after a restore: a batch
 * after this key, and then a job for the next. Skips objects that a cut off is colouring.
 */
export async function restoreTags(after: string): Promise<void> {
  const objects = await colouredAfter(after, BATCH)
  await repairTags(objects)
  const last = objects.at(-1)
  if (last && objects.length === BATCH) await addJob(db, "restoreTags", { after: last.key })
}
