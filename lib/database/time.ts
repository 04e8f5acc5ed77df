import "server-only"
import { noticeTime } from "#lib/host/clock-jumps.ts"
import { processWide } from "#lib/process-wide.ts"
import { statement } from "./statement.ts"

const selectTime = statement("database_time", {}, "SELECT clock_timestamp() AS now")

/** How far the database's clock was ahead of this process's when it was last read. */
const difference = () => processWide("database time", () => ({ aheadMs: 0 }))

/** A slower answer says too little about when the database read its clock. */
const EXACT_MS = 1_000

/** The database's time. It decides about every instant that is stored or compared with a stored one. */
export async function databaseTime(): Promise<Date> {
  const asked = Date.now()
  const began = performance.now()
  const [row] = await selectTime<{ now: Date }>({})
  if (!row) throw new Error("the database has no time")
  noticeTime("database", row.now.getTime())
  const took = performance.now() - began
  if (took < EXACT_MS) difference().aheadMs = row.now.getTime() - (asked + took / 2)
  return row.now
}

/**
 * The database's time without asking it: the clock of this process, corrected by what `databaseTime`
 * found last. For the ends of signed cookies and what else needs no statement of its own.
 */
export function knownDatabaseTime(): Date {
  return new Date(Date.now() + difference().aheadMs)
}
