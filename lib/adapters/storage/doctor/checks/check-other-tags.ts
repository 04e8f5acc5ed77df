import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import type { Found } from "#lib/adapters/findings/finding.ts"
import type { Probe } from "#lib/adapters/storage/doctor/probe.ts"
import { readTags } from "#lib/adapters/storage/tags.ts"

const READS_AT_ONCE = 16
const NAMES_SHOWN = 5

/** Checks whether another program writes tags of files, which could undo a cut off. */
export async function checkOtherTags({ tagging }: Probe): Promise<Found<"other_tags">> {
  if ((configuration.S3_SIGNERS ?? []).length === 0) return { state: "skipped", code: "none" }
  const { changed, days, keys } = await tagging()
  if (changed > 0) return { state: "fail", code: "changed", values: { changed, days } }
  const tagged = (await namesOf(keys)).filter((names) => names.length > 0)
  if (tagged.length === 0) return { state: "ok", code: "ok", values: { of: keys.length } }
  const names = [...new Set(tagged.flat())].sort()
  const shown = [...names.slice(0, NAMES_SHOWN), ...(names.length > NAMES_SHOWN ? ["…"] : [])]
  const values = { count: tagged.length, of: keys.length, tags: shown.join(", ") }
  return { state: "warn", code: "found", values }
}

/** Returns the names of each object's tags that Lapse did not write. */
async function namesOf(keys: readonly string[]) {
  const found: string[][] = []
  for (let at = 0; at < keys.length; at += READS_AT_ONCE) {
    const some = await Promise.all(keys.slice(at, at + READS_AT_ONCE).map(readTags))
    found.push(...some.map((tags) => (tags?.others ?? []).map(({ name }) => name)))
  }
  return found
}
