import "server-only"
import { statement } from "#lib/adapters/database/statement.ts"
import { db } from "#lib/adapters/database.ts"

const BATCH = 5_000

export const countColoured = () =>
  db.object.count({ where: { state: { not: "doomed" }, colour: { not: null } } })

// Keeps the time when the colour was removed: its key may have signed a URL just before, and none
// of these URLs may work again if signers are set again.
const dropSome = statement(
  "drop_colours",
  { limit: "int" },
  `
WITH coloured AS (
  SELECT key FROM object WHERE colour IS NOT NULL AND state <> 'doomed'
  ORDER BY key LIMIT :limit FOR NO KEY UPDATE
)
UPDATE object o SET colour = NULL, colour_since = clock_timestamp(),
  left_colours = o.left_colours || jsonb_build_object(o.colour, clock_timestamp())
FROM coloured WHERE o.key = coloured.key
RETURNING o.key`,
)

/** Removes the colour from every object, so that the app's key signs for it. Returns how many. */
export async function dropColours(): Promise<number> {
  let dropped = 0
  for (;;) {
    const some = await dropSome({ limit: BATCH })
    dropped += some.length
    if (some.length < BATCH) return dropped
  }
}
