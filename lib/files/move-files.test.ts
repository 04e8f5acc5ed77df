import { describe, expect, it } from "vitest"
import type { MemberId } from "#lib/accounts/member.ts"
import { db } from "#lib/db.ts"
import { aMember } from "#testing/a-member.ts"
import { aShare } from "#testing/a-share.ts"
import { countFiles, listFileIds, listFiles } from "./list-files.ts"
import { listFolders } from "./list-folders.ts"
import { moveFiles, moveFolder } from "./move-files.ts"
import { startUpload } from "./start-upload.ts"

async function filesAt(owner: MemberId, places: Record<string, number>) {
  const ids: Record<string, string> = {}
  for (const [place, size] of Object.entries(places)) {
    const cut = place.lastIndexOf("/")
    const [path, name] = [place.slice(0, Math.max(0, cut)), place.slice(cut + 1)]
    const { file } = await startUpload(owner, { name, path, size, contentType: "a/b" })
    ids[place] = file.id
  }
  return ids
}

const placesOf = async (owner: MemberId) =>
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

  it("list their own files, those below them, those that no share holds, and the biggest first", async () => {
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

  it("are renamed and moved with everything in them, and joined where another has the name", async () => {
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

  it("are not moved where a path would become too long, or there is none", async () => {
    const owner = await aMember()
    await filesAt(owner, { [`a/${"b".repeat(200)}/x`]: 1 })
    const long = Array.from({ length: 8 }, () => "c".repeat(110)).join("/")

    await expect(moveFolder(owner, { from: "a", to: long })).rejects.toMatchObject({
      code: "invalid",
    })
    await expect(moveFolder(owner, { from: "b", to: "c" })).rejects.toMatchObject({
      code: "not_found",
    })
    await expect(moveFolder(await aMember(), { from: "a", to: "c" })).rejects.toMatchObject({
      code: "not_found",
    })
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
    ).rejects.toMatchObject({ code: "not_found" })
    expect(await placesOf(owner)).toEqual(["/y", "a/x"])
    expect(await moveFiles(owner, { fileIds, path: "new/place" })).toEqual({ count: 2 })
    expect(await placesOf(owner)).toEqual(["new/place/x", "new/place/y"])
  })

  it("survive moves to and fro at once: each is in one folder, and none is lost", async () => {
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
