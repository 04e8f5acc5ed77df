import "server-only"
import { statement } from "./statement.ts"

const selectTime = statement("database_time", {}, "SELECT clock_timestamp() AS now")

/** The database's time. It decides about every instant that is stored or compared with a stored one. */
export async function databaseTime(): Promise<Date> {
  const [row] = await selectTime<{ now: Date }>({})
  if (!row) throw new Error("the database has no time")
  return row.now
}
