import "server-only"
import { db, rawSql, type Tx } from "#lib/adapters/database.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"
import { outageOf } from "#lib/adapters/outages/outage.ts"
import { addJob } from "#lib/adapters/queue.ts"
import { readTags } from "#lib/adapters/storage.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { eachOf } from "#lib/rooms/cut-offs/each-of.ts"
import { TAGGING_SECONDS } from "#lib/rooms/cut-offs/unfinished-files.ts"
import { writeColour } from "#lib/rooms/files/objects/write-colour.ts"
import { longAgo } from "./recolour-files.ts"

const AT_ONCE = 8

/** An object and the colour in its row. */
export type Coloured = { key: string; colour: string }

/** An object whose colour in the store differs from its row. */
type Other = Coloured & { found: string | null }

/** Returns the next live objects with a colour after this key, sorted by key. */
export async function colouredAfter(after: string, limit: number): Promise<Coloured[]> {
  const objects = await db.object.findMany({
    where: { key: { gt: after }, state: "live", colour: { not: null } },
    orderBy: { key: "asc" },
    take: limit,
    select: { key: true, colour: true },
  })
  return objects.flatMap(({ key, colour }) => (colour === null ? [] : [{ key, colour }]))
}

/**
 * Compares the tags of live objects with their rows, and corrects those that differ. If a URL
 * signed with another colour may work, or a write of Lapse's own may still arrive, a job copies the
 * object to another key. Otherwise the tag is written again. Changes by another program are
 * recorded in the audit log.
 */
export async function repairTags(objects: Coloured[]): Promise<void> {
  let isAway = false
  await eachOf(objects, AT_ONCE, async (object) => {
    if (isAway) return
    try {
      const tags = await readTags(object.key)
      if (tags && tags.colour !== object.colour) await repair({ ...object, found: tags.colour })
    } catch (error) {
      // If the store refuses to tag one object, the others continue; during an outage they do not.
      isAway = outageOf(error) !== null
      if (isAway) throw error
      log.warn({ error, key: object.key }, "the store does not take the colour of an object")
    }
  })
}

// Repairs one tag. While a write is running, no cut off takes the object. The mark is renewed
// before the tag is written: if this process was frozen meanwhile, another process may have settled
// the tag, and a cut off may have continued from there.
async function repair({ key, colour, found }: Other) {
  const marked = await takeMark({ key, colour, found })
  if (!marked) return
  const tags = await readTags(key)
  if (!tags || tags.colour === colour) return void (await settle(db, key, marked.since, false))
  if (marked.mustCopy) return copyInstead(key, marked)
  const since = await renewMark(key, marked.since)
  if (!since) return
  try {
    const written = await writeColour(key, colour)
    if (written === "full") return await copyInstead(key, { ...marked, since })
    const isFound = written === "sure" && !marked.isOwn
    await end(key, since, { how: "rewritten", isUnsure: written === "unsure", isFound })
  } catch (error) {
    // Nothing was written. The tag differs from the row, so a cut off copies the object.
    await settle(db, key, since, true)
    throw error
  }
}

/** Marks all colours of the object as not trusted, so that a cut off copies it too. */
const copyInstead = (key: string, { since, isOwn }: Marked) =>
  end(key, since, { how: "rekeyed", isUnsure: true, isFound: !isOwn })

type End = {
  how: "rewritten" | "rekeyed"
  isUnsure: boolean
  /** Whether another program wrote the tag. */
  isFound: boolean
}

async function end(key: string, mark: Date, { how, isUnsure, isFound }: End) {
  const file = await db.$transaction(async (tx) => {
    const settled = await settle(tx, key, mark, isUnsure)
    if (!settled) return null
    const { fileId: targetId } = settled
    if (how === "rekeyed") await addJob(tx, "rekey", { key }, { queueName: targetId })
    if (!isFound) return null
    const where = { id: targetId }
    const { name } = await tx.file.findUniqueOrThrow({ where, select: { name: true } })
    const details = { name: plainName(name), how }
    await recordAudit(tx, { actorId: null, action: "file.tag", targetId, details })
    return targetId
  })
  if (!file) return
  metrics().foreignTags.inc()
  log.error({ file, key, how }, "another program changed the tag signer of a file")
}

type Marked = {
  since: Date
  /** Whether it differs because of Lapse itself: a restore, or a write that was not answered. */
  isOwn: boolean
  mustCopy: boolean
}

// Marks the object with a time in milliseconds, which a Date can hold, so that the mark can be
// compared. A colour that the row never had is from a cut off that the database lost, which may
// have ended the row's own colour.
async function takeMark({ key, colour, found }: Other): Promise<Marked | null> {
  const [marked] = await db.$queryRaw<Marked[]>`
    UPDATE object o SET tagging_since = date_trunc('milliseconds', clock_timestamp()),
      tag_unsure = o.tag_unsure OR o.tagging_since IS NOT NULL
    FROM (
      SELECT coalesce(colour_since <= restored_at, false) AS restored,
        EXISTS (
          SELECT FROM jsonb_each_text(left_colours) AS was (colour, left_at)
          WHERE was.colour NOT IN ('', ${colour}) AND was.left_at::timestamptz > ${rawSql(longAgo)}
        ) OR (${found}::text IS NOT NULL AND NOT jsonb_exists(left_colours, ${found}::text))
          AS urls_may_live
      FROM object LEFT JOIN installation ON true WHERE key = ${key}
    ) AS known
    WHERE o.key = ${key} AND o.state = 'live' AND o.colour = ${colour}
      AND (o.tagging_since IS NULL
        OR o.tagging_since < clock_timestamp() - make_interval(secs => ${TAGGING_SECONDS}::int))
    RETURNING o.tagging_since AS since, o.tag_unsure OR restored AS "isOwn",
      NOT restored AND (o.tag_unsure OR urls_may_live) AS "mustCopy"`
  return marked ?? null
}

async function renewMark(key: string, mark: Date): Promise<Date | null> {
  const [renewed] = await db.$queryRaw<{ since: Date }[]>`
    UPDATE object SET tagging_since = date_trunc('milliseconds', clock_timestamp())
    WHERE key = ${key} AND tagging_since = ${mark}
    RETURNING tagging_since AS since`
  return renewed?.since ?? null
}

/** Removes the mark and stores the result. Returns null if another process has already done so. */
async function settle(tx: Pick<Tx, "object">, key: string, mark: Date, isUnsure: boolean) {
  const [settled] = await tx.object.updateManyAndReturn({
    where: { key, taggingSince: mark },
    data: { taggingSince: null, ...(isUnsure && { tagUnsure: true }) },
    select: { fileId: true },
  })
  return settled ?? null
}
