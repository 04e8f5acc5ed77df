import { describe, expect, it } from "vitest"
import { db } from "#lib/db.ts"
import { deleteFile } from "#lib/files/delete-file.ts"
import { aFile, aStartedFile } from "#testing/a-file.ts"
import { aMember, anAdmin } from "#testing/a-member.ts"
import { aShare } from "#testing/a-share.ts"
import { listAllShares, listShares, listSharesOfFiles } from "./list-shares.ts"
import { requireAnyShare, requireShare } from "./require-share.ts"
import { revokeShare } from "./revoke-share.ts"

describe("listShares", () => {
  it("adds own row and shards to exact counts", async () => {
    const { id, ownerId } = await aShare({ aged: { downloads: 3 } })
    for (const shard of [0, 7, 15]) {
      await db.shareCounter.create({
        data: { shareId: id, shard, views: 10n, botViews: 2n, downloads: 4n },
      })
    }

    const [share] = (await listShares(ownerId)).items

    expect(share).toMatchObject({ views: 30, botViews: 6, downloads: 15 })
  })

  it("finds shares by title and by the names of their files, within a status", async () => {
    const owner = await aMember()
    const plan = (await aStartedFile({ owner, name: "Floor plan.pdf" })).file.id
    const other = (await aStartedFile({ owner, name: "invoice.pdf" })).file.id
    const byFile = await aShare({ owner, title: "House", fileIds: [other, plan] })
    const byTitle = await aShare({ owner, title: "The PLAN", fileIds: [other] })
    await aShare({ owner, title: "Neither", fileIds: [other] })
    await aShare({ title: "Another member's plan" })
    await revokeShare(owner, byTitle.id)
    const ids = async (query: Parameters<typeof listShares>[1]) =>
      (await listShares(owner, query)).items.map(({ id }) => id)

    expect(await ids({ q: "plan" })).toEqual([byTitle.id, byFile.id])
    expect(await ids({ q: "plan", status: "open" })).toEqual([byFile.id])
    expect(await ids({ q: "%" })).toEqual([])
  })

  it("finds a common word in all of several thousand shares", async () => {
    const owner = await aMember()
    const { file } = await aStartedFile({ owner, name: "common.pdf" })
    await db.$executeRaw`
      WITH made AS (
        INSERT INTO share (id, owner_id, title, max_ttl_seconds)
        SELECT gen_random_uuid(), ${owner}::uuid, CASE WHEN n % 2 = 0 THEN 'A common title' ELSE '' END, 60
        FROM generate_series(1, 4500) n RETURNING id, title
      ), linked AS (
        INSERT INTO link (id, share_id, public_id)
        SELECT gen_random_uuid(), id, decode(substr(md5(id::text), 1, 16), 'hex') FROM made
      )
      INSERT INTO share_file (share_id, file_id, position)
      SELECT id, ${file.id}::uuid, 1 FROM made WHERE title = ''`
    await aShare({ owner, title: "Another" })

    let found = 0
    let cursor: string | null = null
    do {
      const page = await listShares(owner, {
        q: "COMMON",
        limit: 200,
        ...(cursor ? { cursor } : {}),
      })
      found += page.items.length
      cursor = page.nextCursor
    } while (cursor)

    expect(found).toBe(4500)
  })

  it("pages through everything once, also through shares of the same moment", async () => {
    const owner = await aMember()
    const fileIds = [(await aStartedFile({ owner })).file.id]
    for (let n = 0; n < 7; n++) await aShare({ owner, fileIds })
    await db.share.updateMany({ data: { createdAt: new Date("2026-03-29T01:30:00.123Z") } })

    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page = await listShares(owner, { limit: 3, ...(cursor ? { cursor } : {}) })
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
    } while (cursor)

    expect(new Set(seen).size).toBe(7)
    expect(seen).toHaveLength(7)
  })

  it("has the first three files in the list and all on the share's page; deleted files are counted separately", async () => {
    const owner = await aMember()
    const ids = [(await aFile({ owner, name: "a" })).id]
    for (const name of ["b", "c", "d", "e"]) {
      ids.push((await aStartedFile({ owner, name })).file.id)
    }
    const { id } = await aShare({ owner, fileIds: ids })
    await deleteFile(owner, ids[0] ?? "")

    const [listed] = (await listShares(owner)).items
    const whole = await requireShare(owner, id)

    expect(listed?.files.map(({ name }) => name)).toEqual(["b", "c", "d"])
    expect(whole.files.map(({ name }) => name)).toEqual(["b", "c", "d", "e"])
    expect(listed).toMatchObject({ fileCount: 4, totalBytes: 40, deletedFileCount: 1 })
  })
})

describe("listAllShares", () => {
  it("shows an admin every member's shares with their owners, or those of one", async () => {
    const admin = await anAdmin()
    const mine = await aShare()
    const theirs = await aShare()

    const all = (await listAllShares(admin)).items
    expect(all.map(({ id }) => id)).toEqual([theirs.id, mine.id])
    expect(all[0]?.owner).toMatchObject({ id: theirs.ownerId, name: "Ada Lovelace" })
    expect((await listAllShares(admin, { ownerId: mine.ownerId })).items).toHaveLength(1)
    expect((await requireAnyShare(admin, mine.id)).owner.id).toBe(mine.ownerId)
  })
})

describe("listSharesOfFiles", () => {
  it("lists the owner's shares that contain any of some files, each once", async () => {
    const owner = await aMember()
    const { file } = await aStartedFile({ owner })
    const other = (await aStartedFile({ owner })).file
    const share = await aShare({ owner, fileIds: [file.id, other.id], title: "Plans" })
    await aShare({ owner })

    expect(await listSharesOfFiles(owner, [file.id, other.id])).toEqual([
      { id: share.id, title: "Plans", status: "open", fileIds: [file.id, other.id] },
    ])
    expect(await listSharesOfFiles(owner, [other.id])).toMatchObject([{ fileIds: [other.id] }])
    expect(await listSharesOfFiles(await aMember(), [file.id])).toEqual([])
    expect(await listSharesOfFiles(owner, [])).toEqual([])
  })
})
