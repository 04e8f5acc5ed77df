import "server-only"
import { setTimeout as sleep } from "node:timers/promises"
import { colourObject, readColour } from "#lib/adapters/storage.ts"

const READS = 3
const BETWEEN_READS_MS = 300

/**
 * Tags an object. Returns `sure` if it has the colour and no write of its tag is pending, `unsure`
 * if a write was not answered and may still arrive, whatever is written after it, `missing` if there
 * is no object, and `full` if other programs' tags leave no room for it.
 */
export async function writeColour(
  key: string,
  colour: string,
): Promise<"sure" | "unsure" | "missing" | "full"> {
  const written = await colourObject(key, colour)
  if (written === "written") return "sure"
  if (written !== "unsure") return written
  return (await hasColour(key, colour)) ? "sure" : "unsure"
}

/** Whether the store has the colour by now: the write has arrived, and will not arrive again. */
export async function hasColour(key: string, colour: string): Promise<boolean> {
  for (let read = 0; read < READS; read++) {
    if (read > 0) await sleep(BETWEEN_READS_MS)
    const found = await readColour(key).catch(() => null)
    if (found === colour) return true
  }
  return false
}
