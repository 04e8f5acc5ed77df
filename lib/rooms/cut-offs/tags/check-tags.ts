import "server-only"
import { db, rawSql } from "#lib/adapters/database.ts"
import { LONGEST_LIFETIME_SECONDS } from "#lib/rooms/cut-offs/cut-off.ts"
import { STORE_DELAY_SECONDS } from "#lib/rooms/cut-offs/live-urls/store-delay.ts"
import { type Coloured, colouredAfter, repairTags } from "./repair-tags.ts"

/** Longer than the interval between two runs. */
const RUN_SECONDS = 70
/** In SQL, seconds: younger tags are checked in each run, because an old URL may still work. */
const EACH_RUN = `${LONGEST_LIFETIME_SECONDS + RUN_SECONDS} + ${STORE_DELAY_SECONDS}`
/** The tag is checked again at these ages, because a program that tags new objects may be slow. */
const LATER_MINUTES = [10, 20, 40, 80, 160, 320, 640]
/** The batch of the walk over all other objects: one a minute, which is 288,000 objects a day. */
const WALK_BATCH = 200

/**
 * Compares tags with rows, because another program may have changed the tags: for every object that
 * got its colour in the last minutes, for some older ones, and for all once a day.
 */
export async function checkTags(): Promise<void> {
  await repairTags(await lately())
  await walkOn()
}

// One condition for each age, so that only these parts of the index are read.
const LATELY = [
  `colour_since > statement_timestamp() - make_interval(secs => ${EACH_RUN})`,
  ...LATER_MINUTES.map(
    (minutes) => `colour_since <= statement_timestamp() - interval '${minutes} minutes'
      AND colour_since > statement_timestamp() - interval '${minutes * 60 + RUN_SECONDS} seconds'`,
  ),
].join(" OR ")

const lately = () => db.$queryRaw<Coloured[]>`
  SELECT key, colour FROM object
  WHERE state = 'live' AND colour IS NOT NULL AND (${rawSql(LATELY)})`

/** Advances the walk over all objects. A new walk begins once a day if the last one has ended. */
async function walkOn() {
  const [walk] = await db.$queryRaw<{ after: string }[]>`
    UPDATE installation SET tag_walk_after = coalesce(tag_walk_after, ''),
      tag_walk_began_at = CASE WHEN tag_walk_after IS NULL THEN clock_timestamp()
        ELSE tag_walk_began_at END
    WHERE tag_walk_after IS NOT NULL OR tag_walk_began_at IS NULL
      OR tag_walk_began_at < clock_timestamp() - interval '1 day'
    RETURNING tag_walk_after AS after`
  if (!walk) return
  const objects = await colouredAfter(walk.after, WALK_BATCH)
  await repairTags(objects)
  const last = objects.length < WALK_BATCH ? null : (objects.at(-1)?.key ?? null)
  await db.installation.updateMany({ data: { tagWalkAfter: last } })
}
