/** A report lists at most this many lines of each kind. */
const LINES = 20

/** Formats a report's section: a title, an instruction and the lines. Empty without lines. */
export function section(title: string, what: string, all: string[]) {
  if (all.length === 0) return []
  const more = all.length > LINES ? [`  and ${all.length - LINES} more`] : []
  return ["", `${title}: ${what}.`, ...all.slice(0, LINES).map((line) => `  ${line}`), ...more]
}
