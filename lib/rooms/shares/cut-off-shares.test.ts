import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { continueCutOff } from "#lib/rooms/cut-offs/run-cut-off.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { aSharedFile, statusOf } from "#testing/builders/shared-file.ts"
import { MINUTE } from "#testing/units.ts"
import { requireShare } from "./require-share.ts"
import { cutOffShare } from "./revoke/cut-off-share.ts"
import { findRevocation } from "./revoke/find-revocation.ts"
import { restoreShareAsAdmin } from "./revoke/restore-share.ts"
import { revokeShares } from "./revoke/revoke-shares.ts"

/** Makes shares of one file of which no URL was minted. */
async function unopenedShares(count: number) {
  const owner = await aMember()
  const { id: fileId } = await aFile({ owner })
  const shares = Array.from({ length: count }, () => aShare({ owner, fileIds: [fileId] }))
  return (await Promise.all(shares)).map(({ id }) => id)
}

async function untilDone(admin: Awaited<ReturnType<typeof anAdmin>>, id: string) {
  for (;;) {
    const revocation = await findRevocation(admin, id)
    if (revocation.state === "done") return revocation
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe("revokeShares with a cut off", () => {
  it("touches only what was opened in the last minutes, of any number of shares", async () => {
    const admin = await anAdmin()
    const opened = [await aSharedFile(), await aSharedFile(), await aSharedFile()]
    await unopenedShares(40)
    const urls = await Promise.all(opened.map((shared) => shared.click()))
    const objects = await db.object.findMany({ orderBy: { key: "asc" } })

    const { reach } = await revokeShares(admin, { all: true, dryRun: true })
    const { id, count } = await revokeShares(admin, { all: true, cutOff: true })

    expect({ count, ...reach }).toEqual({
      count: 43,
      shares: 43,
      files: 4,
      exposedShares: 3,
      exposedFiles: 3,
      filesElsewhere: 0,
    })
    expect(await untilDone(admin, id ?? "")).toMatchObject({
      how: "recoloured",
      shares: 43,
      files: 3,
      filesDone: 3,
      objects: 3,
      probe: { before: 206, status: 403 },
    })
    expect(await Promise.all(urls.map((url) => statusOf(url)))).toEqual([403, 403, 403])
    const after = await db.object.findMany({ orderBy: { key: "asc" } })
    expect(after.filter(({ colour }, n) => colour !== objects[n]?.colour)).toHaveLength(3)
  })

  it("says of each share what was done for it", async () => {
    const admin = await anAdmin()
    const opened = await aSharedFile()
    await opened.click()
    const [unopened = ""] = await unopenedShares(1)
    const { ownerId } = await db.share.findUniqueOrThrow({ where: { id: unopened } })

    const { id } = await revokeShares(admin, { all: true, cutOff: true })
    await untilDone(admin, id ?? "")

    const one = await requireShare(opened.owner, opened.shareId)
    expect(one.cutOff).toMatchObject({ state: "done", how: "recoloured", objects: 1 })
    const other = await requireShare(ownerId as typeof opened.owner, unopened)
    expect(other.cutOff).toMatchObject({ state: "done", how: "nothing_out", objects: 0 })
  })

  it("leaves open what is not selected, and says how many files that concerns", async () => {
    const admin = await anAdmin()
    const one = await aSharedFile()
    const other = await aSharedFile({ owner: one.owner, fileId: one.fileId })
    const kept = await one.click()

    const dry = await revokeShares(admin, { ids: [one.shareId], dryRun: true })
    expect(dry.reach).toMatchObject({ shares: 1, files: 1, exposedFiles: 1, filesElsewhere: 1 })
    await revokeShares(admin, { ids: [one.shareId], cutOff: true })

    expect(await statusOf(kept)).toBe(403)
    expect(await statusOf(await other.click())).toBe(200)
  })

  it.each([
    ["another colour", async () => {}],
    ["another key", () => db.object.updateMany({ data: { colour: null, colourSince: null } })],
  ])(
    "counts no address as out that %s has ended, and counts one that was minted since",
    async (_, prepare) => {
      const admin = await anAdmin()
      const [one, other] = [await aSharedFile(), await aSharedFile()]
      await prepare()
      await Promise.all([one.click(), other.click()])
      const exposed = async () => {
        const { reach } = await revokeShares(admin, { all: true, dryRun: true })
        return [reach?.exposedShares, reach?.exposedFiles]
      }
      expect(await exposed()).toEqual([2, 2])

      await cutOffShare(one.owner, one.shareId)
      expect(await exposed()).toEqual([1, 1])
      await one.click()
      expect(await exposed()).toEqual([2, 2])
    },
  )

  it("does not count a URL as live that has ended by itself", async () => {
    const admin = await anAdmin()
    const shared = await aSharedFile()
    await shared.click()
    await db.$executeRaw`UPDATE event SET at = at - interval '62 seconds'`

    const { reach } = await revokeShares(admin, { all: true, dryRun: true })

    expect(reach).toMatchObject({ exposedShares: 0, exposedFiles: 0 })
  })

  it("is undone by a restore, except for the URLs that it ended", async () => {
    const admin = await anAdmin()
    const shared = await aSharedFile()
    const kept = await shared.click()
    await revokeShares(admin, { ids: [shared.shareId], cutOff: true })

    const { status } = await restoreShareAsAdmin(admin, shared.shareId)

    expect(status).toBe("open")
    expect(await statusOf(kept)).toBe(403)
    expect(await statusOf(await shared.click())).toBe(200)
  })

  it.each([
    ["a file", ({ fileId }: { fileId: string }) => ({ fileId })],
    ["a member", ({ owner }: { owner: string }) => ({ ownerId: owner })],
    ["the time from", () => ({ createdAfter: new Date(Date.now() - MINUTE) })],
  ])("selects by %s", async (_, condition) => {
    const admin = await anAdmin()
    const wanted = await aSharedFile()
    const old = await aSharedFile()
    await db.share.update({
      where: { id: old.shareId },
      data: { createdAt: new Date("2026-01-01T00:00:00Z") },
    })
    const kept = [await wanted.click(), await old.click()]

    const { count } = await revokeShares(admin, { ...condition(wanted), cutOff: true })

    expect(count).toBe(1)
    expect(await Promise.all(kept.map((url) => statusOf(url)))).toEqual([403, 200])
  })

  it("selects by the time until, and by several conditions at once", async () => {
    const admin = await anAdmin()
    const [recent, old] = [await aSharedFile(), await aSharedFile()]
    await db.share.update({
      where: { id: old.shareId },
      data: { createdAt: new Date("2026-01-01T00:00:00Z") },
    })
    const before = new Date("2026-06-01T00:00:00Z")

    const dryRun = true
    const both = { ownerId: recent.owner, createdBefore: before, dryRun }
    expect(await revokeShares(admin, both)).toMatchObject({ count: 0 })
    expect(await revokeShares(admin, { createdBefore: before, dryRun })).toMatchObject({ count: 1 })
  })

  it("cuts off shares that were closed before and may still be open to a kept URL", async () => {
    const admin = await anAdmin()
    const shared = await aSharedFile()
    const kept = await shared.click()
    await revokeShares(admin, { ids: [shared.shareId] })
    expect(await statusOf(kept)).toBe(200)

    const { count, alreadyRevoked, id } = await revokeShares(admin, {
      ids: [shared.shareId],
      cutOff: true,
    })

    expect({ count, alreadyRevoked }).toEqual({ count: 0, alreadyRevoked: 1 })
    await untilDone(admin, id ?? "")
    expect(await statusOf(kept)).toBe(403)
  })

  it("is continued by a job if the process died while it added shares", async () => {
    const admin = await anAdmin()
    const shared = await aSharedFile()
    const kept = await shared.click()
    const { id } = await revokeShares(admin, { all: true, cutOff: true })
    // Sets the state after a process that died after its first batch.
    await db.cutOffFile.deleteMany()
    await db.cutOff.updateMany({
      data: { doneAt: null, startedAt: null, leasedUntil: new Date(Date.now() - 1) },
    })

    await continueCutOff(id ?? "")

    expect(await findRevocation(admin, id ?? "")).toMatchObject({ state: "done", files: 1 })
    expect([403, 404]).toContain(await statusOf(kept))
  })

  it("is refused for a text that is not an id", async () => {
    const admin = await anAdmin()
    for (const id of ["x", crypto.randomUUID()])
      await expect(findRevocation(admin, id)).rejects.toBeRefusal("not_found")
  })
})
