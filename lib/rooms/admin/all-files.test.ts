import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import type { AdminId } from "#lib/rooms/accounts/member.ts"
import { aFile, aStartedFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { endUploadUrls } from "#testing/store/end-upload-urls.ts"
import { deleteFiles } from "./delete-files.ts"
import { listAllFiles, listSharesOfFile, requireAnyFile } from "./list-all-files.ts"

const after = async (admin: AdminId) => {
  const { nextCursor } = await listAllFiles(admin, { limit: 2 })
  return nextCursor ? { cursor: nextCursor } : {}
}

describe("the list of all files", () => {
  it("is newest first, page by page, with each file once", async () => {
    const [admin, ada, max] = [await anAdmin(), await aMember(), await aMember()]
    for (const owner of [ada, max, ada, max, ada]) await aStartedFile({ owner })
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await listAllFiles(admin, { limit: 2, ...(cursor ? { cursor } : {}) })
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    expect(seen).toEqual([...new Set(seen)].sort().reverse())
    const second = await listAllFiles(admin, { limit: 2, ...(await after(admin)) })
    expect(second).toMatchObject({ total: 5, prevCursor: expect.any(String) })
    expect(seen).toHaveLength(5)
  })

  it("finds files by name, owner and status, with the open shares of each", async () => {
    const [admin, owner] = [await anAdmin(), await aMember({ name: "Nora" })]
    const plan = await aFile({ owner, name: "plan_100%.pdf" })
    await aStartedFile({ owner, name: "plan 1000.pdf" })
    await aFile({ name: "other.pdf" })
    const share = await aShare({ owner, fileIds: [plan.id], title: "Plans" })

    const found = await listAllFiles(admin, { q: "_100%", ownerId: owner, status: "ready" })
    expect(found.items).toMatchObject([{ id: plan.id, owner: { name: "Nora" }, openShares: 1 }])
    expect(await requireAnyFile(admin, plan.id)).toMatchObject({ name: "plan_100%.pdf" })
    expect(await listSharesOfFile(admin, plan.id)).toMatchObject([
      { id: share.id, title: "Plans", status: "open" },
    ])
  })

  it("is sorted by size in both directions", async () => {
    const admin = await anAdmin()
    for (const size of [20, 5, 10]) await aStartedFile({ bytes: "x".repeat(size) })
    const sizes = async (sort: "size" | "-size") =>
      (await listAllFiles(admin, { sort })).items.map(({ size }) => size)
    expect(await sizes("size")).toEqual([5, 10, 20])
    expect(await sizes("-size")).toEqual([20, 10, 5])
  })

  it("lets an admin delete files, each counted once even if several admins delete it", async () => {
    const [admin, owner] = [await anAdmin(), await aMember()]
    const ids: string[] = []
    for (let each = 0; each < 5; each++) ids.push((await aFile({ owner })).id)

    await endUploadUrls()
    const calls = await Promise.all([deleteFiles(admin, ids), deleteFiles(admin, ids)])

    expect(calls.reduce((sum, { count }) => sum + count, 0)).toBe(5)
    expect((await listAllFiles(admin)).items).toEqual([])
    const member = await db.member.findUniqueOrThrow({ where: { id: owner } })
    expect(member.usedBytes).toBe(0n)
    await expect(requireAnyFile(admin, ids[0] ?? "")).rejects.toBeRefusal("not_found")
  })
})
