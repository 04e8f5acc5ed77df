import { describe, expect, it } from "vitest"
import { changePolicies } from "#lib/admin/change-policies.ts"
import { db } from "#lib/db.ts"
import { aLink } from "#testing/a-link.ts"
import { anAdmin } from "#testing/a-member.ts"
import { expireEvents } from "./expire-events.ts"
import { sweep } from "./sweep.ts"

const DAY = 86_400_000
const daysAgo = (days: number) => new Date(Date.now() - days * DAY)

async function eventsAt(...days: number[]) {
  const { shareId } = await aLink()
  await db.event.createMany({
    data: days.map((ago) => ({ shareId, kind: "view" as const, at: daysAgo(ago) })),
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

describe("expireEvents", () => {
  it("deletes what is older and keeps the rest", async () => {
    await eventsAt(0, 29, 32, 400)
    await expireEvents(30)
    expect(await ages()).toEqual([0, 29])
  })

  it("drops the months that are over whole", async () => {
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

  it("is done by the sweep as soon as an admin says so, and not before", async () => {
    await eventsAt(0, 100)
    await sweep()
    expect(await ages()).toEqual([0, 100])
    await changePolicies(await anAdmin(), { eventDays: 90 })
    await sweep()
    expect(await ages()).toEqual([0])
  })
})
