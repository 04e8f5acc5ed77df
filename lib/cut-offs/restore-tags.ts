import "server-only"
import { db } from "#lib/db.ts"
import { writeColour } from "#lib/files/write-colour.ts"
import { log } from "#lib/log.ts"
import { outageOf } from "#lib/outage.ts"
import { addJob } from "#lib/queue.ts"
import { readColour } from "#lib/storage.ts"
import { eachOf } from "./each-of.ts"
import { TAGGING_SECONDS } from "./open-files.ts"

const BATCH = 500
const AT_ONCE = 8

type Coloured = { key: string; colour: string }

/**
 * Writes the tags of live objects from their rows where the two differ, as after a restore: a batch
 * after this key, and then a job for the next. What a cut off colours meanwhile is left to it.
 */
export async function restoreTags(after: string): Promise<void> {
  const objects = await db.$queryRaw<Coloured[]>`
    SELECT key, colour FROM object
    WHERE key > ${after} AND state = 'live' AND colour IS NOT NULL
    ORDER BY key LIMIT ${BATCH}`
  await eachOf(objects, AT_ONCE, (object) => restoreOrSkip(object))
  const last = objects.at(-1)
  if (last && objects.length === BATCH) await addJob(db, "restoreTags", { after: last.key })
}

/** One object that the store refuses to tag does not hold up the others; an outage does. */
async function restoreOrSkip(object: Coloured) {
  try {
    if ((await readColour(object.key)) !== object.colour) await restoreTag(object)
  } catch (error) {
    if (outageOf(error)) throw error
    log.warn({ error, key: object.key }, "the store does not take the colour of an object")
  }
}

// A write that is under way keeps every cut off from the object. Before the tag is written, the mark
// is renewed: where this process was frozen meanwhile, another may have settled the tag in its place
// and a cut off may have gone on from there.
async function restoreTag({ key, colour }: Coloured) {
  const mark = await takeMark({ key, colour })
  if (!mark) return
  if ((await readColour(key)) === colour) return settle(key, mark, false)
  const renewed = await renewMark(key, mark)
  if (!renewed) return
  try {
    const written = await writeColour(key, colour)
    await settle(key, renewed, written === "unsure")
  } catch (error) {
    // Nothing was written: the tag is not that of the row, so a cut off copies.
    await settle(key, renewed, true)
    throw error
  }
}

// In milliseconds, which a Date holds, so that the mark can be compared.
const takeMark = ({ key, colour }: Coloured) =>
  markOf(db.$queryRaw<Mark[]>`
    UPDATE object SET tagging_since = date_trunc('milliseconds', clock_timestamp()),
      tag_unsure = tag_unsure OR tagging_since IS NOT NULL
    WHERE key = ${key} AND state = 'live' AND colour = ${colour} AND (tagging_since IS NULL
      OR tagging_since < clock_timestamp() - make_interval(secs => ${TAGGING_SECONDS}::int))
    RETURNING tagging_since AS since`)

const renewMark = (key: string, mark: Date) =>
  markOf(db.$queryRaw<Mark[]>`
    UPDATE object SET tagging_since = date_trunc('milliseconds', clock_timestamp())
    WHERE key = ${key} AND tagging_since = ${mark}
    RETURNING tagging_since AS since`)

type Mark = { since: Date }

const markOf = async (rows: Promise<Mark[]>) => (await rows)[0]?.since ?? null

async function settle(key: string, mark: Date, unsure: boolean) {
  await db.$executeRaw`
    UPDATE object SET tagging_since = NULL, tag_unsure = tag_unsure OR ${unsure}
    WHERE key = ${key} AND tagging_since = ${mark}`
}
