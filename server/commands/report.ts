import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { Manifest } from "../backup/manifest.ts"

const AND = new Intl.ListFormat("en-GB")

/** "2 members, 1 file and 0 shares": the names are plurals. */
export const counted = (counts: Record<string, number>) =>
  AND.format(
    Object.entries(counts).map(([names, n]) => `${n} ${n === 1 ? names.replace(/s$/, "") : names}`),
  )

/** The contents of a backup's database: "2 members, 1 share and 3 files of 5 MB in all". */
export const heldIn = ({ fileBytes, ...counts }: NonNullable<Manifest["database"]>) =>
  `${counted(counts)} of ${formatBytes(fileBytes)} in all`

/** A report lists at most this many lines of each kind. */
const LINES = 20

/** Formats a report's section: a title, an instruction and the lines. Empty without lines. */
export function section(title: string, what: string, all: string[]) {
  if (all.length === 0) return []
  const more = all.length > LINES ? [`  and ${all.length - LINES} more`] : []
  return ["", `${title}: ${what}.`, ...all.slice(0, LINES).map((line) => `  ${line}`), ...more]
}
