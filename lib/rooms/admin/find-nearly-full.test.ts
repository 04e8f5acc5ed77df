import { expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { findNearlyFull } from "./find-nearly-full.ts"

it("finds the active members who have used nine tenths of their limit, the fullest first", async () => {
  const admin = await anAdmin()
  const use = async (name: string, usedBytes: number, quotaBytes: number | null) => {
    const id = await aMember({ name })
    await db.member.update({ where: { id }, data: { usedBytes, quotaBytes }, select: { id: true } })
    return id
  }
  await use("Half", 50, 100)
  await use("No limit", 5_000, null)
  await use("Nearly", 90, 100)
  await use("Over", 120, 100)
  const gone = await use("Gone", 100, 100)
  await db.member.update({ where: { id: gone }, data: { disabledAt: new Date() } })

  const found = await findNearlyFull(admin, 3)
  expect(found.map(({ name }) => name)).toEqual(["Over", "Nearly"])
  expect(found[0]).toMatchObject({ usedBytes: 120, quotaBytes: 100 })
})
