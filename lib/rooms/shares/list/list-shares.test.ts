import { describe, expect, it } from "vitest"
import { writeSortedCursor } from "#lib/adapters/database/sorted-page.ts"
import { db } from "#lib/adapters/database.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { renameFile } from "#lib/rooms/files/rename-file.ts"
import { editShare } from "#lib/rooms/shares/edit/edit-share.ts"
import { requireAnyShare, requireShare } from "#lib/rooms/shares/require-share.ts"
import { revokeShare } from "#lib/rooms/shares/revoke/revoke-share.ts"
import { rollViews } from "#lib/rooms/shares/roll-views.ts"
import { ShareListQuery } from "#lib/rooms/shares/share.ts"
import { aFile, aStartedFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { acting } from "#testing/builders/acting.ts"
import { inDays } from "#testing/units.ts"
import {
  countShares,
  listAllShares,
  listShareIds,
  listShares,
  listSharesOfFiles,
} from "./list-shares.ts"

describe("listShares", () => {
  it("adds the share's own row and the shards to exact counts", async () => {
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

  it("counts the matches of a word that only the newest shares contain", async () => {
    const owner = await aMember()
    await db.$executeRaw`
      INSERT INTO share (id, owner_id, title, max_ttl_seconds, created_at)
      SELECT gen_random_uuid(), ${owner}::uuid, CASE WHEN n <= 200 THEN 'Lately' ELSE '' END, 60, now() - n * interval '1 minute'
      FROM generate_series(1, 3000) n`
    expect(await countShares(owner, "lately")).toMatchObject({ all: 200, open: 200, revoked: 0 })
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

    expect(await countShares(owner, "common")).toBeNull()
    expect((await listShares(owner, { q: "common", limit: 1 })).total).toBeNull()
    expect(await countShares(owner, "another")).toMatchObject({ all: 1, open: 1 })

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

async function beOpened(shareId = "", views: bigint) {
  await db.shareCounter.create({ data: { shareId, shard: 1, views } })
  await db.$executeRaw`INSERT INTO event (share_id, kind) VALUES (${shareId}::uuid, 'view')`
}

describe("a sorted list of shares", () => {
  const SORTED = {
    created: ["b", "C", "a", "ä"],
    end: ["a", "b", "ä", "C"],
    name: ["a", "b", "C", "ä"],
    views: ["ä", "a", "C", "b"],
  }

  async function four() {
    const owner = await aMember()
    const fileIds = [(await aStartedFile({ owner })).file.id]
    const make = async (title: string, expiresAt: Date | null, views: bigint) => {
      const { id } = await aShare({ owner, fileIds, title, expiresAt })
      await beOpened(id, views)
    }
    await make("b", inDays(2), 9n)
    await make("C", null, 8n)
    await make("a", inDays(1), 2n)
    await make("ä", inDays(3), 1n)
    await rollViews()
    return owner
  }

  it("has every order in both directions, and pages forwards and backwards by cursors", async () => {
    const owner = await four()
    for (const [name, titles] of Object.entries(SORTED)) {
      for (const sort of [name, `-${name}`]) {
        const wanted = sort === name ? titles : titles.toReversed()
        const query = { sort: ShareListQuery.shape.sort.parse(sort), limit: 2 }
        const titlesOf = async (cursor: string | null) => {
          const page = await listShares(owner, { ...query, ...(cursor ? { cursor } : {}) })
          return { ...page, titles: page.items.map(({ title }) => title) }
        }

        const first = await titlesOf(null)
        const second = await titlesOf(first.nextCursor)
        const back = await titlesOf(second.prevCursor)

        expect([first.titles, second.titles, back.titles], sort).toEqual([
          wanted.slice(0, 2),
          wanted.slice(2),
          wanted.slice(0, 2),
        ])
        expect([first.prevCursor, second.nextCursor, back.prevCursor]).toEqual([null, null, null])
        expect([first.total, second.total]).toEqual([4, 4])
      }
    }
  })

  it("sorts shares without a title by the name that they show, whatever happened to its file", async () => {
    const owner = await four()
    const [kept, gone] = await Promise.all(
      ["Bay.pdf", "attic.pdf"].map(async (name) => (await aFile({ owner, name })).id),
    )
    const untitled = await aShare({ owner, fileIds: [gone ?? "", kept ?? ""], title: "" })
    const names = async () =>
      (await listShares(owner, { sort: "name" })).items.map(
        ({ title, files }) => title || files[0]?.name,
      )
    expect(await names()).toEqual(["a", "attic.pdf", "b", "C", "ä"])

    await renameFile(owner, gone ?? "", "zinc.pdf")
    expect(await names()).toEqual(["a", "b", "C", "zinc.pdf", "ä"])
    await editShare(acting(owner), untitled.id, { removeFileIds: [gone ?? ""] })
    expect(await names()).toEqual(["a", "b", "Bay.pdf", "C", "ä"])
    await editShare(acting(owner), untitled.id, { addFileIds: [gone ?? ""] })
    await editShare(acting(owner), untitled.id, { title: "Bb" })
    expect(await names()).toEqual(["a", "b", "Bb", "C", "ä"])
    await renameFile(owner, kept ?? "", "D.pdf")
    await editShare(acting(owner), untitled.id, { title: "" })
    expect(await names()).toEqual(["a", "b", "C", "D.pdf", "ä"])
    await deleteFile(owner, kept ?? "")
    expect(await names()).toEqual(["a", "b", "C", "zinc.pdf", "ä"])
  })

  it("has a full first page when it is reached backwards from the middle of a page", async () => {
    const owner = await four()
    const sort = "name" as const
    const first = await listShares(owner, { sort, limit: 1 })
    const second = await listShares(owner, { sort, limit: 3, cursor: first.nextCursor ?? "" })

    const back = await listShares(owner, { sort, limit: 3, cursor: second.prevCursor ?? "" })

    expect(back.items.map(({ title }) => title)).toEqual(["a", "b", "C"])
  })

  it("begins with what ends next among the open ones, however many have lapsed", async () => {
    const owner = await four()
    const past = inDays(-1)
    await aShare({ owner, title: "over", aged: { expiresAt: past } })
    const titles = async (query: ShareListQuery) =>
      (await listShares(owner, { ...query, sort: "end" })).items.map(({ title }) => title)

    expect(await titles({ status: "open" })).toEqual(["a", "b", "ä", "C"])
    expect(await titles({ status: "expired" })).toEqual(["over"])
    expect(await titles({})).toEqual(["over", "a", "b", "ä", "C"])
  })

  it("refuses a cursor of another order, and one that the database could not read", async () => {
    const owner = await four()
    const { nextCursor } = await listShares(owner, { sort: "name", limit: 1 })
    const id = "01a20e37-1124-7000-b66b-5d65dec0defa"
    const made = (sort: string, place: string) =>
      ({ sort, cursor: writeSortedCursor({ sort, way: "after", place, id }) }) as never
    for (const query of [
      { sort: "end", cursor: nextCursor ?? "" } as const,
      made("views", "9".repeat(30)),
      made("views", "-1"),
      made("name", "a\0b"),
      made("-created", "2026-02-30T00:00:00.000000Z"),
      made("end", "infinity"),
    ]) {
      await expect(listShares(owner, query)).rejects.toBeRefusal("invalid")
    }
    expect((await listShares(owner, made("name", "bb"))).items).toHaveLength(2)
  })

  it("counts exactly up to 1,000, in all and by status", async () => {
    const owner = await aMember()
    const make = (count: number) => db.$executeRaw`
      INSERT INTO share (id, owner_id, title, max_ttl_seconds)
      SELECT gen_random_uuid(), ${owner}::uuid, 'one of many', 60 FROM generate_series(1, ${count}::int)`
    await make(1_000)
    const revoked = await aShare({ owner, title: "ended" })
    await revokeShare(owner, revoked.id)

    expect(await countShares(owner)).toEqual({
      all: null,
      open: 1_000,
      revoked: 1,
      scheduled: 0,
      expired: 0,
      used_up: 0,
    })
    expect(await countShares(owner, "ended")).toMatchObject({ all: 1, open: 0, revoked: 1 })
    expect((await listShares(owner, { status: "open", limit: 1 })).total).toBe(1_000)
    await make(1)
    expect((await listShares(owner, { status: "open", limit: 1 })).total).toBeNull()
    expect(await listShareIds(owner, {})).toHaveLength(1_002)
    expect(await listShareIds(owner, { status: "revoked" })).toEqual([revoked.id])
  })

  it("is searched by the recipients of links", async () => {
    const owner = await aMember()
    const share = await aShare({ owner, title: "Plans" })
    await aShare({ owner, title: "Others" })
    const publicId = crypto.getRandomValues(new Uint8Array(8))
    await db.link.create({
      data: {
        shareId: share.id,
        publicId,
        open: false,
        name: "Bo Berg",
        address: "bo@example.org",
      },
    })
    await aShare({ title: "Another member's" })

    for (const q of ["BO berg", "bo@example"])
      expect((await listShares(owner, { q })).items.map(({ id }) => id)).toEqual([share.id])
    expect((await listShares(await aMember(), { q: "bo@" })).items).toEqual([])
  })

  it("is searched by a link, of its owner's shares alone", async () => {
    const owner = await aMember()
    const { id, url } = await aShare({ owner })
    await aShare({ owner })

    expect((await listShares(owner, { q: ` ${url}/` })).items).toMatchObject([{ id }])
    expect((await listShares(owner, { q: url.slice(0, -1) })).items).toEqual([])
    expect((await listShares(await aMember(), { q: url })).items).toEqual([])
  })
})

describe("views to sort by", () => {
  it("are summed up once a minute, for the shares opened since, however many run at once", async () => {
    const shares = [await aShare(), await aShare(), await aShare()]
    await rollViews()
    await beOpened(shares[0]?.id, 5n)
    await beOpened(shares[2]?.id, 7n)

    await Promise.all([rollViews(), rollViews(), rollViews()])

    const rolled = async () =>
      (await db.share.findMany({ orderBy: { id: "asc" } })).map((share) => share.rolledViews)
    expect(await rolled()).toEqual([5n, 0n, 7n])
    await db.shareCounter.updateMany({
      where: { shareId: shares[1]?.id ?? "" },
      data: { views: 1n },
    })
    await rollViews()
    expect(await rolled()).toEqual([5n, 0n, 7n])
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

    const holding = (by: PersonId, fileIds: string[], page = {}) =>
      listSharesOfFiles(by, { fileIds, ...page })
    expect(await holding(owner, [file.id, other.id])).toEqual({
      items: [
        {
          ...{ id: share.id, title: "Plans", name: "Plans", fileCount: 2, status: "open" },
          fileIds: [file.id, other.id],
        },
      ],
      nextCursor: null,
      prevCursor: null,
      total: 1,
      emptied: 1,
    })
    expect(await holding(owner, [other.id])).toMatchObject({
      items: [{ fileIds: [other.id] }],
      emptied: 0,
    })
    expect(await holding(await aMember(), [file.id])).toMatchObject({ items: [], total: 0 })

    const over = await aShare({
      owner,
      fileIds: [file.id],
      aged: { expiresAt: new Date(Date.now() - 1_000) },
    })
    const first = await holding(owner, [file.id, file.id], { limit: 1 })
    expect(first).toMatchObject({ items: [{ id: over.id, status: "expired" }], total: 2 })
    const cursor = first.nextCursor ?? ""
    expect(await holding(owner, [file.id], { limit: 1, cursor })).toMatchObject({
      items: [{ id: share.id }],
      nextCursor: null,
    })
    const usable = await holding(owner, [file.id], { usable: true })
    expect(usable).toMatchObject({ items: [{ id: share.id }], total: 1 })
  })
})
