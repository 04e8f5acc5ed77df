import "server-only"
import { usableColours } from "#lib/colours.ts"
import { db } from "#lib/db.ts"
import { Refusal } from "#lib/errors.ts"
import { writeColour } from "./write-colour.ts"

/** An object whose bytes have arrived and that no URL leads to yet. */
type NewObject = {
  key: string
  /** What it is to be tagged with; null: nothing. */
  colour: string | null
}

/**
 * Tags an object before any URL of it is signed: the store lets no signer read it without. Returns
 * its colour, or null where tags of others leave no room for it: the app's key signs. Refuses `unavailable` if the store does not answer; `missing` makes the refusal of an
 * object that is not there.
 */
export async function giveColour(
  { key, colour }: NewObject,
  missing: () => Refusal,
): Promise<string | null> {
  if (colour === null || !(await usableColours()).includes(colour)) return null
  // A write that is under way is of a call that crashed, or of one beside this: it may come late.
  await db.$executeRaw`
    UPDATE object SET tag_unsure = tag_unsure OR tagging_since IS NOT NULL,
      tagging_since = clock_timestamp()
    WHERE key = ${key} AND state = 'uploading'`
  const written = await writeColour(key, colour)
  if (written === "missing") throw missing()
  if (written === "sure") return colour
  if (written === "full") return null
  throw new Refusal("unavailable", "The storage did not answer in time. Try again shortly.", {
    retryAfterSeconds: 5,
  })
}
