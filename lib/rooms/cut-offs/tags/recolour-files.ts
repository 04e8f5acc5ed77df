import "server-only"
import { statement } from "#lib/adapters/database/statement.ts"
import { LONGEST_LIFETIME_SECONDS } from "#lib/rooms/cut-offs/cut-off.ts"
import { eachOf } from "#lib/rooms/cut-offs/each-of.ts"
import { allUrlsAreKnown } from "#lib/rooms/cut-offs/live-urls/lost-urls.ts"
import { STORE_DELAY_SECONDS } from "#lib/rooms/cut-offs/live-urls/store-delay.ts"
import { KEY_NOW } from "#lib/rooms/cut-offs/object-of.ts"
import { probeColoursAgain, usableColours } from "#lib/rooms/files/objects/colours.ts"
import { hasColour, writeColour } from "#lib/rooms/files/objects/write-colour.ts"

const FILES_AT_ONCE = 500
const WRITES_AT_ONCE = 32

/** SQL: a time; objects that left a colour before it have no working URL of that colour. */
export const longAgo = `clock_timestamp() - make_interval(secs => 2 + ${LONGEST_LIFETIME_SECONDS}
  + ${STORE_DELAY_SECONDS})`

const leftAt = (colour: string, object: string) =>
  `coalesce((${object}.left_colours ->> ${colour})::timestamptz, '-infinity')`

/**
 * In SQL, for an object: whether its row records the colour of every working URL. That is so if the
 * app's own key signed none of them, and none is from before a restore.
 */
export const coloursAreKnown = (object: string) =>
  `${leftAt("''", object)} < ${longAgo} AND ${allUrlsAreKnown}`

/** SQL: when an object got its key or colour. No URL works that was minted before. */
export const urlsEndedBefore = (object: string) => `greatest(${object}.live_since, CASE
  WHEN ${object}.colour IS NOT NULL AND NOT ${object}.tag_unsure AND ${object}.tagging_since IS NULL
    AND ${coloursAreKnown(object)} THEN ${object}.colour_since
  END)`

// The row changes first. From its commit on, URLs are signed with the new colour, and no other
// process takes the object while its tag is written. A colour is used again only when no URL that
// it signed for this object still works.
const flipColours = statement(
  "flip_colours",
  { id: "uuid", colours: "text[]", limit: "int" },
  `
WITH due AS MATERIALIZED (
  SELECT o.key, chosen.colour AS next
  FROM cut_off
  JOIN cut_off_file c ON c.cut_off_id = cut_off.id
  JOIN file f ON f.id = c.file_id
  JOIN object o ON o.key = ${KEY_NOW}
  CROSS JOIN LATERAL (
    SELECT u.colour FROM unnest(:colours) WITH ORDINALITY AS u (colour, place)
    WHERE u.colour <> o.colour AND ${leftAt("u.colour", "o")} < ${longAgo}
    ORDER BY ${leftAt("u.colour", "o")}, u.place
    LIMIT 1
  ) AS chosen
  WHERE cut_off.id = :id AND c.done_at IS NULL
    AND o.state = 'live' AND o.live_since <= cut_off.started_at
    AND o.colour_since <= cut_off.started_at
    AND o.colour = ANY(:colours) AND NOT o.tag_unsure AND o.tagging_since IS NULL
    AND ${coloursAreKnown("o")}
  ORDER BY o.key
  LIMIT :limit
  FOR NO KEY UPDATE OF o
)
UPDATE object o SET colour = next, colour_since = clock_timestamp(),
  tagging_since = clock_timestamp(),
  left_colours = o.left_colours || jsonb_build_object(o.colour, clock_timestamp())
FROM due WHERE o.key = due.key
RETURNING o.key, o.colour`,
)

const settleTags = statement(
  "settle_tags",
  { id: "uuid", sure: "text[]", unsure: "text[]" },
  `
WITH settled AS (
  UPDATE object SET tagging_since = NULL, tag_unsure = tag_unsure OR key = ANY(:unsure)
  WHERE key = ANY(:sure) OR key = ANY(:unsure)
  RETURNING file_id, kind, tag_unsure
)
UPDATE cut_off_file c SET done_at = clock_timestamp(), how = 'recoloured'
FROM settled WHERE c.cut_off_id = :id AND c.file_id = settled.file_id AND c.kind = settled.kind
  AND c.done_at IS NULL AND NOT settled.tag_unsure`,
)

const distrustColours = statement(
  "distrust_colours",
  { id: "uuid" },
  `
WITH recoloured AS (
  UPDATE cut_off_file SET done_at = NULL, how = NULL
  WHERE cut_off_id = :id AND how = 'recoloured'
  RETURNING file_id, kind
)
UPDATE object SET tag_unsure = true
FROM recoloured c JOIN file f ON f.id = c.file_id WHERE object.key = ${KEY_NOW}
RETURNING object.key`,
)

type Colouring = { key: string; colour: string }

/**
 * Gives another colour to some objects of a cut off that have one, in the row and in the store,
 * which ends their URLs. Returns how many it took; call it until it takes none. Leaves out objects
 * that have used all colours, and objects whose tag may differ from the row.
 */
export async function recolourFiles(id: string): Promise<number> {
  const colours = await usableColours()
  if (colours.length === 0) return 0
  const flipped = await flipColours<Colouring>({ id, colours, limit: FILES_AT_ONCE })
  await writeTags(id, flipped, async ({ key, colour }) =>
    ["sure", "missing"].includes(await writeColour(key, colour)),
  )
  return flipped.length
}

/**
 * Records that the store served an object to another colour's key: the objects that the cut off
 * recoloured are not done, and none of their colours is trusted. Returns whether there were any.
 */
export async function distrustRecoloured(id: string): Promise<boolean> {
  const distrusted = await distrustColours({ id })
  if (distrusted.length > 0) await probeColoursAgain()
  return distrusted.length > 0
}

/** Finds out whether a tag was written by a process that died meanwhile. */
export async function resolveTags(id: string, objects: Colouring[]): Promise<void> {
  await writeTags(id, objects, ({ key, colour }) => hasColour(key, colour))
}

// Writes tags. If the store refuses one, it differs from the row, and the colour is not trusted.
async function writeTags(
  id: string,
  objects: Colouring[],
  isSure: (object: Colouring) => Promise<boolean>,
) {
  if (objects.length === 0) return
  const sure: string[] = []
  const unsure: string[] = []
  await eachOf(objects, WRITES_AT_ONCE, async (object) => {
    const written = await isSure(object).catch(() => false)
    if (written) sure.push(object.key)
    else unsure.push(object.key)
  })
  await settleTags({ id, sure, unsure })
}
