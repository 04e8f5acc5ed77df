import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { inHours } from "#testing/units.ts"
import { listActivityDays, rollUp } from "./roll-up.ts"

type Kind = "view" | "claim" | "refused" | "unlock_failed"

async function happened(kind: Kind, hoursAgo: number, count = 1) {
  const { shareId } = await aLink()
  const at = inHours(-hoursAgo)
  await db.event.createMany({ data: Array.from({ length: count }, () => ({ shareId, kind, at })) })
}

const total = async (name: "views" | "claims" | "refusals", days = 30) =>
  (await listActivityDays(days)).reduce((sum, day) => sum + day[name], 0)

describe("the days of all links", () => {
  it("are the same before and after the hours are counted, and when events are deleted", async () => {
    await happened("view", 0, 3)
    await happened("view", 3, 2)
    await happened("claim", 5)
    await happened("refused", 4)
    await happened("unlock_failed", 4)
    const before = await listActivityDays(30)

    await rollUp()
    await happened("view", 0)
    expect(await total("views")).toBe(6)
    expect(await total("claims")).toBe(1)
    expect(await total("refusals")).toBe(2)
    expect(before).toHaveLength(30)

    await db.event.deleteMany({ where: { at: { lt: inHours(-2) } } })
    expect(await total("views")).toBe(6)
  })

  it("are counted once, however many jobs run at once", async () => {
    await happened("view", 2, 5)
    await happened("view", 30, 7)
    await Promise.all([rollUp(), rollUp(), rollUp()])
    await rollUp()
    expect(await total("views")).toBe(12)
  })

  it("begin with the earliest and end with today, in UTC", async () => {
    const days = await listActivityDays(3)
    const today = new Date().toISOString().slice(0, 10)
    expect(days.map(({ day }) => day)).toHaveLength(3)
    expect(days.at(-1)?.day).toBe(today)
  })
})
