import "server-only"
import { db } from "#lib/adapters/database.ts"
import type { Refusal } from "#lib/adapters/errors.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { usableColours } from "#lib/rooms/files/objects/colours.ts"
import { writeColour } from "./write-colour.ts"

/** An object whose bytes have arrived and for which no URL exists yet. */
type NewObject = {
  key: string
  /** The colour to tag it with; null for none. */
  colour: string | null
}

/**
 * Tags an object before any URL of it is signed, because the store lets no signer read it without
 * the tag. Returns its colour, or null if other programs' tags leave no room for it; the app's key
 * then signs. Refuses `unavailable` if the store does not answer. `missing` makes the refusal for a
 * missing object.
 */
export async function giveColour(
  { key, colour }: NewObject,
  missing: () => Refusal,
): Promise<string | null> {
  if (colour === null || !(await usableColours()).includes(colour)) return null
  // A marked write of the tag belongs to a concurrent or crashed call, and may arrive late.
  await db.$executeRaw`
    UPDATE object SET tag_unsure = tag_unsure OR tagging_since IS NOT NULL,
      tagging_since = clock_timestamp()
    WHERE key = ${key} AND state IN ('uploading', 'arrived')`
  const written = await writeColour(key, colour)
  if (written === "missing") throw missing()
  if (written === "sure") return colour
  if (written === "full") return null
  throw refusal("unavailable", "storage_slow", {}, { retryAfterSeconds: 5 })
}
