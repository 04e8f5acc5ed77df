import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { acting } from "#testing/builders/acting.ts"
import { countFiles, listFileIds, listFiles } from "./list-files.ts"
import { listFolderPaths, listFolders } from "./list-folders.ts"
import { moveFiles, moveFolder } from "./move-files.ts"
import { startUpload } from "./upload/start-upload.ts"

async function filesAt(owner: PersonId, places: Record<string, number>) {
  const ids: Record<string, string> = {}
  for (const [place, size] of Object.entries(places)) {
    const cut = place.lastIndexOf("/")
    const [path, name] = [place.slice(0, Math.max(0, cut)), place.slice(cut + 1)]
    const { file } = await startUpload(acting(owner), { name, path, size, contentType: "a/b" })
    ids[place] = file.id
  }
  return ids
}

const placesOf = async (owner: PersonId) =>
  (await db.file.findMany({ where: { ownerId: owner } }))
    .map(({ path, name }) => `${path}/${name}`)
    .sort()

describe("the folders of a member", () => {
  it("are listed one level at a time, in natural order, with what is in them at any depth", async () => {
    const owner = await aMember()
    await filesAt(owner, { "a.txt": 1, "day 10/b": 2, "day 2/raw/c": 4, "day 2/d": 8, "ö/é/e": 16 })
    await filesAt(await aMember(), { "theirs/x": 1 })

    expect(await listFolders(owner, "")).toEqual([
      { name: "day 2", path: "day 2", count: 2, bytes: 12 },
      { name: "day 10", path: "day 10", count: 1, bytes: 2 },
      { name: "ö", path: "ö", count: 1, bytes: 16 },
    ])
    expect(await listFolders(owner, "day 2")).toEqual([
      { name: "raw", path: "day 2/raw", count: 1, bytes: 4 },
    ])
    expect(await listFolders(owner, "ö")).toMatchObject([{ name: "é", path: "ö/é" }])
    expect(await listFolders(owner, "day 2/raw")).toEqual([])
  })

  it("are each listed once, whatever sorts between a folder and its content", async () => {
    const owner = await aMember()
    // In byte order "a!" and "a b" are between "a" and "a/x".
    const places = [
      "a/1",
      "a/x/2",
      "a/zz/3",
      "a!/4",
      "a b/c/5",
      "a0/6",
      "b/\u{1f600}/7",
      "b/\u{10ffff}x/8",
    ]
    await filesAt(owner, Object.fromEntries(places.map((place) => [place, 1])))
    const names = async (path: string) =>
      (await listFolders(owner, path)).map(({ name, count }) => [name, count])

    expect(await names("")).toEqual([
      ["a", 3],
      ["a b", 1],
      ["a!", 1],
      ["a0", 1],
      ["b", 2],
    ])
    expect(await names("a")).toEqual([
      ["x", 1],
      ["zz", 1],
    ])
    expect(await names("b")).toHaveLength(2)
    expect((await listFolderPaths(owner)).toSorted()).toEqual(
      ["a", "a!", "a b/c", "a/x", "a/zz", "a0", "b/\u{1f600}", "b/\u{10ffff}x"].toSorted(),
    )
  })

  it("count files up to 1,000, and give no number above that", async () => {
    const owner = await aMember()
    await db.$executeRaw`
      INSERT INTO file (id, owner_id, name, path, size, content_type)
      SELECT gen_random_uuid(), ${owner}::uuid, n::text, 'many/' || n % 2, 2, 'a/b' FROM generate_series(1, 1000) n`
    expect(await listFolders(owner, "")).toMatchObject([{ count: 1000, bytes: 2000 }])
    await filesAt(owner, { "many/last": 1 })
    expect(await listFolders(owner, "")).toMatchObject([{ count: null, bytes: null }])
    expect(await listFolders(owner, "many")).toMatchObject([{ count: 500 }, { count: 500 }])
  })

  it("find every file that is in no share, even while shares add and remove it", async () => {
    const owner = await aMember()
    const ids = Object.values(
      await filesAt(owner, Object.fromEntries(Array.from({ length: 6 }, (_, n) => [`f${n}`, 1]))),
    )
    const [kept = "", ...others] = ids
    const shares = await Promise.all(
      [0, 1, 2, 3].map(() => aShare({ owner, fileIds: [kept, ...others] })),
    )
    const change = (shareId: string, fileId: string, removed: boolean) => db.$executeRaw`
      UPDATE share_file SET removed_at = CASE WHEN ${removed} THEN now() END
      WHERE share_id = ${shareId}::uuid AND file_id = ${fileId}::uuid`
    for (let round = 0; round < 10; round++) {
      await Promise.all(
        shares.flatMap(({ id }, n) =>
          others.map((file, m) => change(id, file, (n + m + round) % 3 > 0)),
        ),
      )
    }
    await Promise.all(
      shares.flatMap(({ id }, n) => others.map((file, m) => change(id, file, m < 2 || n > 0))),
    )
    const unshared = (await listFiles(owner, { shared: false })).items.map(({ id }) => id)
    expect(unshared.toSorted()).toEqual(others.slice(0, 2).toSorted())
    expect(await countFiles(owner, { shared: false })).toBe(2)
  })

  it("list their own files, those below them, those in no share, and the biggest first", async () => {
    const owner = await aMember()
    const ids = await filesAt(owner, { "a/x": 5, "a/b/y": 9, "a/b/z": 1, w: 7 })
    await aShare({ owner, fileIds: [ids["a/b/y"] ?? "", ids.w ?? ""] })
    const names = async (query: Parameters<typeof listFiles>[1]) =>
      (await listFiles(owner, query)).items.map(({ name }) => name)

    expect(await names({ path: "a", sort: "name" })).toEqual(["x"])
    expect(await names({ path: "", sort: "name" })).toEqual(["w"])
    expect(await names({ folder: "a", sort: "-size" })).toEqual(["y", "x", "z"])
    expect(await names({ shared: false, sort: "name" })).toEqual(["x", "z"])
    expect(await names({ shared: true, sort: "size" })).toEqual(["w", "y"])
    expect(await countFiles(owner, { folder: "a" })).toBe(3)
    expect(await listFileIds(owner, { folder: "a" })).toEqual([
      ...[ids["a/x"], ids["a/b/y"], ids["a/b/z"]],
    ])
  })

  it("are renamed and moved with everything in them, and merged with a folder of that name", async () => {
    const owner = await aMember()
    await filesAt(owner, { "a/x": 1, "a/b/y": 1, "ab/z": 1, "c/b/w": 1 })

    await moveFolder(owner, { from: "a", to: "c" })
    expect(await placesOf(owner)).toEqual(["ab/z", "c/b/w", "c/b/y", "c/x"])
    await moveFolder(owner, { from: "c/b", to: "" })
    expect(await placesOf(owner)).toEqual(["/w", "/y", "ab/z", "c/x"])
    await moveFolder(owner, { from: "c", to: "c/deeper" })
    expect(await placesOf(owner)).toEqual(["/w", "/y", "ab/z", "c/deeper/x"])

    const entries = await db.auditEntry.findMany({
      where: { action: "file.move" },
      orderBy: { id: "asc" },
    })
    expect(entries.map(({ details }) => details)).toEqual([
      { files: 2, before: "a", to: "c" },
      { files: 2, before: "c/b", to: "" },
      { files: 1, before: "c", to: "c/deeper" },
    ])
  })

  it("are not moved if a path would become too long, or if they do not exist", async () => {
    const owner = await aMember()
    await filesAt(owner, { [`a/${"b".repeat(200)}/x`]: 1 })
    const long = Array.from({ length: 8 }, () => "c".repeat(110)).join("/")

    await expect(moveFolder(owner, { from: "a", to: long })).rejects.toBeRefusal("invalid")
    await expect(moveFolder(owner, { from: "b", to: "c" })).rejects.toBeRefusal("not_found")
    await expect(moveFolder(await aMember(), { from: "a", to: "c" })).rejects.toBeRefusal(
      "not_found",
    )
  })
})

describe("files", () => {
  it("are moved into a folder, only by their owner", async () => {
    const owner = await aMember()
    const ids = await filesAt(owner, { "a/x": 1, y: 1 })
    const fileIds = Object.values(ids)
    const theirs = Object.values(await filesAt(await aMember(), { z: 1 }))

    await expect(
      moveFiles(owner, { fileIds: [...fileIds, ...theirs], path: "new" }),
    ).rejects.toBeRefusal("not_found")
    expect(await placesOf(owner)).toEqual(["/y", "a/x"])
    expect(await moveFiles(owner, { fileIds, path: "new/place" })).toEqual({ count: 2 })
    expect(await placesOf(owner)).toEqual(["new/place/x", "new/place/y"])
  })

  it("survive simultaneous moves back and forth: each is in one folder, and none is lost", async () => {
    const owner = await aMember()
    await filesAt(owner, Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`a/${n}`, 1])))

    await Promise.allSettled(
      Array.from({ length: 12 }, (_, n) =>
        moveFolder(owner, n % 2 ? { from: "a", to: "b" } : { from: "b", to: "a" }),
      ),
    )

    const folders = await listFolders(owner, "")
    expect(folders).toHaveLength(1)
    expect(folders[0]?.count).toBe(20)
  })
})
