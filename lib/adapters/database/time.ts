import "server-only"
import type { Tx } from "#lib/adapters/database.ts"
import { noticeTime } from "#lib/adapters/host/clock-jumps.ts"
import { processWide } from "#lib/adapters/process-wide.ts"
import { statement } from "./statement.ts"

const selectTime = statement("database_time", {}, "SELECT clock_timestamp() AS now")

/** How many milliseconds the database's clock was ahead of this process's when last read. */
const difference = () => processWide("database time", () => ({ aheadMs: 0 }))

/** Slower answers are not used, because it is unclear when exactly the database read its clock. */
const EXACT_MS = 1_000

/** Returns the database's time, for times that are stored or compared with stored ones. */
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

/** Returns the database's time through the connection of a transaction, for the rows it writes. */
export async function databaseTimeIn(tx: Pick<Tx, "$queryRaw">): Promise<Date> {
  const [row] = await tx.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`
  if (!row) throw new Error("the database has no time")
  return row.now
}

/** Returns the time this many milliseconds ago, by the database's clock. */
export const databaseTimeAgo = async (ms: number) => new Date(Number(await databaseTime()) - ms)

/**
 * Returns the database's time without a query: this process's clock, corrected by the last result
 * of `databaseTime`. Used for the expiry of signed cookies and where no query is needed otherwise.
 */
export function knownDatabaseTime(): Date {
  return new Date(Date.now() + difference().aheadMs)
}
