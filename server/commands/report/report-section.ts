/** The most lines of each kind that a report lists. */
const LINES = 20

/** A section of a report: a title, what is done about its lines, and the lines; else empty. */
export function section(title: string, what: string, all: string[]) {
  if (all.length === 0) return []
  const more = all.length > LINES ? [`  and ${all.length - LINES} more`] : []
  return ["", `${title}: ${what}.`, ...all.slice(0, LINES).map((line) => `  ${line}`), ...more]
}
