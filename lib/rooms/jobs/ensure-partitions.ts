import "server-only"
import { db, longDb } from "#lib/adapters/database.ts"
import { lockEvents, retryLocked } from "./partition-lock.ts"

const MONTHS_AHEAD = 3

type Month = { name: string; begins: string; ends: string }

/**
 * Creates the partitions of `event` for this month and the next three, and moves their rows out of
 * the default partition. Safe under concurrent calls and clicks. If another session locks the
 * table, throws an error that `isLockTimeout` recognises; a later call does the work.
 */
export async function ensurePartitions(): Promise<void> {
  for (const month of await listMissing()) await retryLocked(() => createPartition(month))
}

async function listMissing() {
  return db.$queryRaw<Month[]>`
    SELECT 'event_' || to_char(month, 'YYYY_MM') AS name,
      to_char(month, 'YYYY-MM-DD 00:00:00+00') AS begins,
      to_char(month + interval '1 month', 'YYYY-MM-DD 00:00:00+00') AS ends
    FROM generate_series(0, ${MONTHS_AHEAD}::int) AS n,
      LATERAL (SELECT date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => n) AS month) AS m
    WHERE to_regclass('events.event_' || to_char(month, 'YYYY_MM')) IS NULL`
}

async function createPartition({ name, begins, ends }: Month) {
  const table = `events."${name}"`
  const range = `at >= '${begins}' AND at < '${ends}'`
  await longDb.$transaction(
    async (tx) => {
      await lockEvents(tx)
      // to_regclass would answer from a cache of the start of this transaction.
      const found = await tx.$queryRaw<unknown[]>`
        SELECT relname FROM pg_class WHERE relname = ${name} AND relnamespace = 'events'::regnamespace`
      if (found.length > 0) return
      // The parent is locked too. Otherwise a row that was routed to the default partition before
      // the attach would be refused there.
      await tx.$executeRawUnsafe("LOCK TABLE ONLY public.event IN SHARE ROW EXCLUSIVE MODE")
      await tx.$executeRawUnsafe("LOCK TABLE events.event_default IN ACCESS EXCLUSIVE MODE")
      await tx.$executeRawUnsafe(`CREATE TABLE ${table} (LIKE public.event INCLUDING ALL)`)
      await tx.$executeRawUnsafe(
        `WITH moved AS (DELETE FROM events.event_default WHERE ${range} RETURNING *)
         INSERT INTO ${table} SELECT * FROM moved`,
      )
      await tx.$executeRawUnsafe(
        `ALTER TABLE public.event ATTACH PARTITION ${table} FOR VALUES FROM ('${begins}') TO ('${ends}')`,
      )
    },
    { timeout: 60_000 },
  )
}
