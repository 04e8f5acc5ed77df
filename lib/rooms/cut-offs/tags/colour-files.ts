import "server-only"
import { createHash } from "node:crypto"
import { db } from "#lib/adapters/database.ts"
import { eachOf } from "#lib/rooms/cut-offs/each-of.ts"
import { usableColours } from "#lib/rooms/files/objects/colours.ts"
import { writeColour } from "#lib/rooms/files/objects/write-colour.ts"

const BATCH = 200
const WRITES_AT_ONCE = 8

/**
 * Gives a colour to every object without one, a batch at a time. The tag is written first. Until
 * the row has the colour, URLs are signed with the app's key, which can read every object.
 */
export async function colourFiles(): Promise<void> {
  const colours = await usableColours()
  if (colours.length === 0) return
  let after = ""
  for (;;) {
    const objects = await db.object.findMany({
      where: { key: { gt: after }, state: "live", colour: null, tagUnsure: false },
      orderBy: { key: "asc" },
      take: BATCH,
      select: { key: true },
    })
    await eachOf(objects, WRITES_AT_ONCE, ({ key }) => colourOne(key, colourOf(key, colours)))
    if (objects.length < BATCH) return
    after = objects.at(-1)?.key ?? after
  }
}

/** Chooses the colour of a key, the same in every process, so that two write the same tag. */
function colourOf(key: string, colours: readonly string[]) {
  const number = createHash("sha256").update(key).digest().readUInt32BE(0)
  return colours[number % colours.length]
}

async function colourOne(key: string, colour: string | undefined) {
  if (!colour) return
  const written = await writeColour(key, colour)
  if (written === "missing" || written === "full") return
  const sure = written === "sure"
  await db.$executeRaw`
    UPDATE object SET tag_unsure = ${!sure}, colour = CASE WHEN ${sure} THEN ${colour} END,
      colour_since = clock_timestamp(),
      left_colours = left_colours || jsonb_build_object('', clock_timestamp())
    WHERE key = ${key} AND state = 'live' AND colour IS NULL`
}
