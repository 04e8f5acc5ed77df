import pg from "pg"
import { afterEach, describe, expect, it, vi } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { isLockTimeout } from "#lib/adapters/outages/outage.ts"
import { listActivityDays } from "#lib/rooms/activity/charts/roll-up.ts"
import { changeSettings } from "#lib/rooms/admin/change-settings.ts"
import { claim } from "#lib/rooms/claims/claim/claim.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { anAdmin } from "#testing/builders/a-member.ts"
import { acting } from "#testing/builders/acting.ts"
import { noCookies, source } from "#testing/look-and-click.ts"
import { DAY, inDays } from "#testing/units.ts"
import { expireEvents } from "./expire-events.ts"
import { sweep } from "./sweep.ts"

async function eventsAt(...days: number[]) {
  const { shareId } = await aLink()
  await db.event.createMany({
    data: days.map((ago) => ({ shareId, kind: "view" as const, at: inDays(-ago) })),
  })
}

const ages = async () => {
  const events = await db.event.findMany({ orderBy: { at: "desc" } })
  return events.map(({ at }) => Math.round((Date.now() - at.getTime()) / DAY))
}

/** A month of which the partition exists, as it does after a year of use. */
async function aPartition(name: string, begins: string, ends: string) {
  await db.$executeRawUnsafe(`CREATE TABLE events."${name}" (LIKE public.event INCLUDING ALL)`)
  await db.$executeRawUnsafe(
    `ALTER TABLE event ATTACH PARTITION events."${name}" FOR VALUES FROM ('${begins}') TO ('${ends}')`,
  )
}

const months = async () => {
  const rows = await db.$queryRaw<{ name: string }[]>`
    SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'public.event'::regclass AND relname LIKE 'event_2024%' ORDER BY 1`
  return rows.map(({ name }) => name)
}

/** Adds this many events to each of two months of 2024, and to 2023, which has no partition. */
async function aYearAgo(shareId: string, count: number) {
  await aPartition("event_2024_01", "2024-01-01 00:00+00", "2024-02-01 00:00+00")
  await aPartition("event_2024_02", "2024-02-01 00:00+00", "2024-03-01 00:00+00")
  await db.$executeRaw`
    INSERT INTO event (at, share_id, kind)
    SELECT begins + n * interval '1 minute', ${shareId}::uuid, 'view'
    FROM unnest(ARRAY['2023-05-01', '2024-01-01', '2024-02-01']::timestamptz[]) AS begins,
      generate_series(1, ${count}::int) AS n`
}

/**
 * Makes claims one after another until it is stopped. Returns how many, and how long the slowest
 * took. One that waits for more than five seconds is refused, and fails the test.
 */
function clickOn(link: { publicId: Uint8Array; fileId: string }) {
  let [stopped, clicks, longest] = [false, 0, 0]
  const cookies = noCookies
  const going = (async () => {
    while (!stopped) {
      const before = performance.now()
      await claim({ ...link, fileIds: [link.fileId], cookies, directOnly: false, source })
      longest = Math.max(longest, performance.now() - before)
      clicks++
    }
  })()
  return async () => {
    stopped = true
    await going
    return { clicks, longest }
  }
}

const counted = async (shareId: string) => {
  const where = { shareId }
  const { _sum } = await db.shareCounter.aggregate({ where, _sum: { downloads: true } })
  return Number(_sum.downloads)
}

afterEach(async () => {
  vi.restoreAllMocks()
  for (const name of await months()) await db.$executeRawUnsafe(`DROP TABLE events."${name}"`)
})

describe("expireEvents", () => {
  it("loses no click and no count when two replicas expire at once", async () => {
    const link = await aLink({ minted: true })
    await aYearAgo(link.shareId, 6_000)
    await eventsAt(0, 29, 31, 400)
    const stop = clickOn(link)

    // On a loaded machine clicks may keep a month locked for all of a call's attempts.
    const expire = () =>
      expireEvents(30).catch((error) => {
        if (!isLockTimeout(error)) throw error
      })
    await Promise.all([expire(), expire(), expire()])

    const { clicks } = await stop()
    await expireEvents(30)
    expect(await months()).toEqual([])
    expect(await db.event.count({ where: { kind: "view" } })).toBe(2)
    expect(await db.event.count({ where: { kind: "claim" } })).toBe(clicks)
    expect(await counted(link.shareId)).toBe(clicks)
  })

  it.runIf(process.env.HEAVY)(
    "waits for a reader without stopping clicks, and drops the month afterwards",
    async () => {
      const link = await aLink({ minted: true })
      await aYearAgo(link.shareId, 10)
      const dump = new pg.Client({ connectionString: configuration.DATABASE_URL })
      await dump.connect()
      await dump.query("BEGIN; LOCK TABLE events.event_2024_02 IN ACCESS SHARE MODE")
      const stop = clickOn(link)

      await expect(expireEvents(30)).rejects.toSatisfy(isLockTimeout)

      const { clicks, longest } = await stop()
      expect(longest).toBeGreaterThan(100) // a click waited for the lock
      expect(clicks).toBeGreaterThan(10)
      expect(await months()).toEqual(["event_2024_02"])
      const warned = vi.spyOn(log, "warn").mockImplementation(() => {})
      await changeSettings(acting(await anAdmin()), { eventDays: 30 })
      await sweep()
      expect(warned).toHaveBeenCalledOnce()

      await dump.end()
      await sweep()
      expect(await months()).toEqual([])
      expect(await db.event.count({ where: { kind: "view" } })).toBe(0)
      expect(await db.event.count()).toBe(clicks)
    },
  )

  it("counts the hours of what it deletes", async () => {
    await eventsAt(0, 3, 3, 9)
    const before = await listActivityDays(30)

    await expireEvents(1)

    expect(await ages()).toEqual([0])
    const views = (days: typeof before) => days.map((day) => day.views)
    expect(
      views(await listActivityDays(30))
        .toReversed()
        .slice(0, 10),
    ).toEqual([1, 0, 0, 2, 0, 0, 0, 0, 0, 1])
  })

  it("deletes what is older and keeps the rest", async () => {
    await eventsAt(0, 29, 32, 400)
    await expireEvents(30)
    expect(await ages()).toEqual([0, 29])
  })

  it("drops whole months that have ended", async () => {
    await aPartition("event_2024_01", "2024-01-01 00:00+00", "2024-02-01 00:00+00")
    const { shareId } = await aLink()
    await db.event.create({
      data: { shareId, kind: "claim", at: new Date("2024-01-31T23:59:59Z") },
    })

    await expireEvents(30)

    expect(await ages()).toEqual([])
    const [found] = await db.$queryRaw<{ table: string | null }[]>`
      SELECT to_regclass('events.event_2024_01')::text AS table`
    expect(found).toEqual({ table: null })
  })

  it("is done by the sweep as soon as an admin sets it, and not before", async () => {
    await eventsAt(0, 100)
    await sweep()
    expect(await ages()).toEqual([0, 100])
    await changeSettings(acting(await anAdmin()), { eventDays: 90 })
    await sweep()
    expect(await ages()).toEqual([0])
  })
})
