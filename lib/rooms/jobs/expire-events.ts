import "server-only"
import { longDb, type Sql, sql } from "#lib/adapters/database.ts"
import { rollUp } from "#lib/rooms/activity/charts/roll-up.ts"
import { rollUpShares } from "#lib/rooms/activity/charts/roll-up-shares.ts"
import { lockEvents, retryLocked } from "./partition-lock.ts"

const BATCH = 5_000

/**
 * Deletes the events of links from before `days` days before today (UTC). An ended month is dropped
 * with its partition; other events are deleted in batches. Counts stay. Safe under concurrent calls
 * and clicks. If another session keeps reading a month, throws an error that `isLockTimeout`
 * recognises; a later call continues.
 */
export async function expireEvents(days: number): Promise<void> {
  // Events must be counted before they are deleted.
  await rollUp()
  await rollUpShares({ runMs: Number.POSITIVE_INFINITY })
  const until = sql`(date_trunc('day', now(), 'UTC') - make_interval(days => ${days}::int))`
  for (const name of await listExpired(until)) await retryLocked(() => dropPartition(name))
  while ((await deleteBatch(until)) === BATCH);
}

async function listExpired(until: Sql): Promise<string[]> {
  const rows = await longDb.$queryRaw<{ name: string }[]>`
    SELECT relname AS name
    FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'public.event'::regclass AND relname ~ '^event_[0-9]{4}_[0-9]{2}$'
      AND (to_date(right(relname, 7), 'YYYY_MM') + interval '1 month') AT TIME ZONE 'UTC' <= ${until}
    ORDER BY relname`
  return rows.map(({ name }) => name)
}

const dropPartition = (name: string) =>
  longDb.$transaction(
    async (tx) => {
      await lockEvents(tx)
      await tx.$executeRawUnsafe(`DROP TABLE IF EXISTS events."${name}"`)
    },
    { timeout: 60_000 },
  )

const deleteBatch = (until: Sql) => longDb.$executeRaw`
  DELETE FROM event WHERE (at, id) IN (
    SELECT at, id FROM event WHERE at < ${until} ORDER BY at, id LIMIT ${BATCH})`
