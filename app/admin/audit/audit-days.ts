import { dateTimeFormat } from "#lib/adapters/text/intl-formatters.ts"
import type { ListedEntry } from "#lib/rooms/audit/list-audit.ts"

/** An entry, and the earlier ones of the same action by the same person. */
export type AuditRun = { id: string; entry: ListedEntry; repeats: ListedEntry[] }
type AuditDay = { day: string; runs: AuditRun[] }

/** Fewer entries in a row are not folded. */
const FOLDED_FROM = 3

/**
 * Groups entries, newest first, by the days of a time zone. With `folds`, at least three in a row
 * of the same action by the same person become one.
 */
export function auditDays(
  entries: ListedEntry[],
  { timeZone, folds }: { timeZone: string; folds: boolean },
): AuditDay[] {
  const format = dateTimeFormat("en-CA", { dateStyle: "short", timeZone })
  const days = Map.groupBy(entries, ({ at }) => format.format(new Date(at)))
  return [...days].map(([day, ofDay]) => ({
    day,
    runs: (folds ? runsOf(ofDay) : ofDay.map((entry) => [entry])).flatMap(([entry, ...repeats]) =>
      entry ? [{ id: entry.id, entry, repeats }] : [],
    ),
  }))
}

const isSame = (one: ListedEntry, other: ListedEntry | undefined) =>
  one.action === other?.action && one.actorId === other.actorId && one.actor === other.actor

function runsOf(entries: ListedEntry[]): ListedEntry[][] {
  const runs: ListedEntry[][] = []
  for (const entry of entries) {
    const last = runs.at(-1)
    if (last && isSame(entry, last[0])) last.push(entry)
    else runs.push([entry])
  }
  return runs.flatMap((run) => (run.length < FOLDED_FROM ? run.map((entry) => [entry]) : [run]))
}
