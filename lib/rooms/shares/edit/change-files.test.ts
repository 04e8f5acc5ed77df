import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { shareActivity } from "#lib/rooms/activity/charts/share-activity.ts"
import { findAddable } from "#lib/rooms/shares/list/find-addable.ts"
import { requireShare } from "#lib/rooms/shares/require-share.ts"
import { revokeShare } from "#lib/rooms/shares/revoke/revoke-share.ts"
import { ShareInput } from "#lib/rooms/shares/share.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { acting } from "#testing/builders/acting.ts"
import { clickOn, endedShareCutOff, statusOf } from "#testing/builders/shared-file.ts"
import { createShare } from "./create-share.ts"
import { editShare } from "./edit-share.ts"

/** Makes rows of files that are still uploading, in a folder. */
const filesIn = (owner: PersonId, path: string, count: number) =>
  db.$queryRaw<{ id: string }[]>`
    INSERT INTO file (id, owner_id, name, path, size, content_type)
    SELECT gen_random_uuid(), ${owner}::uuid, lpad(n::text, 5, '0'), ${path}, 1, 'a/b'
    FROM generate_series(1, ${count}::int) n RETURNING id`

const namesOf = ({ files }: { files: { path: string; name: string }[] }) =>
  files.map(({ path, name }) => `${path}/${name}`)

describe("a share of a folder", () => {
  it("has all of its 300 files and those in its subfolders, and the folder's name", async () => {
    const owner = await aMember()
    await filesIn(owner, "trips/norway", 300)
    await filesIn(owner, "trips/norway/day 1/raw", 2)
    for (const other of ["trips", "trips/norway2", "trips/norway-b", "trips/Norway", ""])
      await filesIn(owner, other, 1)
    await filesIn(await aMember(), "trips/norway", 1)

    const share = await createShare(acting(owner), { folder: "trips/norway" })

    expect(share).toMatchObject({ title: "norway", fileCount: 302 })
    expect(namesOf(share).at(0)).toBe("trips/norway/00001")
    expect(namesOf(share).at(-1)).toBe("trips/norway/day 1/raw/00002")
    expect(
      await createShare(acting(owner), { folder: "trips/norway", title: "Fjords" }),
    ).toMatchObject({
      title: "Fjords",
    })
  })

  it("takes further files beside the folder, each once and before it", async () => {
    const owner = await aMember()
    const [inside] = await filesIn(owner, "a_b%", 2)
    const [beside] = await filesIn(owner, "axbc", 1)

    const share = await createShare(acting(owner), {
      folder: "a_b%",
      fileIds: [beside?.id ?? "", inside?.id ?? ""],
    })

    expect(namesOf(share)).toEqual(["axbc/00001", "a_b%/00001", "a_b%/00002"])
  })

  it("is refused with a sentence if the folder is empty or has more than 10,000 files", async () => {
    const owner = await aMember()
    await filesIn(owner, "empty", 1)
    const abandoned = { status: "abandoned", deletedAt: new Date() } as const
    await db.file.updateMany({ where: { path: "empty" }, data: abandoned })
    await filesIn(owner, "huge/a", 10_000)
    expect(await createShare(acting(owner), { folder: "huge" })).toMatchObject({
      fileCount: 10_000,
    })
    await filesIn(owner, "huge", 1)

    await expect(createShare(acting(owner), { folder: "empty" })).rejects.toBeRefusal("not_found", {
      message: "This folder has no files.",
    })
    await expect(createShare(acting(owner), { folder: "huge" })).rejects.toBeRefusal("invalid", {
      message: "A share can have at most 10,000 files. Select fewer.",
    })
    expect(await db.share.count()).toBe(1)
  })

  it("needs a folder or files", () => {
    for (const input of [{}, { folder: "" }, { fileIds: [] }])
      expect(ShareInput.safeParse(input).success).toBe(false)
    expect(ShareInput.safeParse({ folder: "a/b" }).success).toBe(true)
  })
})

describe("files of a share that is open already", () => {
  it("are added after those it has and removed, and its link stays", async () => {
    const owner = await aMember()
    const [a, b, c] = await filesIn(owner, "x", 3)
    const [d] = await filesIn(owner, "y", 1)
    const [idA = "", idB = "", idC = "", idD = ""] = [a?.id, b?.id, c?.id, d?.id]
    const share = await createShare(acting(owner), { fileIds: [idA, idB] })

    const more = await editShare(acting(owner), share.id, {
      addFileIds: [idD, idA],
      addFolder: "x",
    })
    expect(namesOf(more)).toEqual(["x/00001", "x/00002", "y/00001", "x/00003"])
    expect(more.url).toBe(share.url)

    const fewer = await editShare(acting(owner), share.id, { removeFileIds: [idA, idC] })
    expect(namesOf(fewer)).toEqual(["x/00002", "y/00001"])
    const again = await editShare(acting(owner), share.id, { addFileIds: [idA] })
    expect(namesOf(again)).toEqual(["x/00002", "y/00001", "x/00001"])

    const entries = await db.auditEntry.findMany({
      where: { action: "share.files" },
      orderBy: { id: "asc" },
    })
    expect(entries.map(({ details }) => details)).toEqual([
      { title: "", added: 2, removed: 0 },
      { title: "", added: 0, removed: 2 },
      { title: "", added: 1, removed: 0 },
    ])
  })

  it("are held once, however often and by how many tabs they are added at the same time", async () => {
    const owner = await aMember()
    const [first, ...rest] = (await filesIn(owner, "x", 30)).map(({ id }) => id)
    const share = await createShare(acting(owner), { fileIds: [first ?? ""] })

    await Promise.all(
      Array.from({ length: 8 }, (_, tab) =>
        editShare(acting(owner), share.id, { addFileIds: [...rest.slice(tab), ...rest] }),
      ),
    )

    const { fileCount, files } = await requireShare(owner, share.id)
    expect(fileCount).toBe(30)
    expect(new Set(files.map(({ id }) => id)).size).toBe(30)
    const positions = await db.shareFile.groupBy({ by: ["position"], where: { shareId: share.id } })
    expect(positions).toHaveLength(30)
  })

  it("are offered if the share does not contain them, with their folders", async () => {
    const owner = await aMember()
    const [held, out] = await filesIn(owner, "x/held", 2)
    await filesIn(owner, "x/other", 1)
    await filesIn(await aMember(), "x/theirs", 1)
    const fileIds = [held?.id ?? "", out?.id ?? ""]
    const { id } = await createShare(acting(owner), { fileIds })
    await editShare(acting(owner), id, { removeFileIds: [out?.id ?? ""] })
    const offered = async (q?: string) => {
      const { folders, files } = await findAddable(owner, { shareId: id, q })
      return [folders, namesOf({ files }).sort()]
    }

    expect(await offered()).toEqual([
      ["x/held", "x/other"],
      ["x/held/00002", "x/other/00001"],
    ])
    expect(await offered("other")).toEqual([["x/other"], []])
    expect(await offered("00001")).toEqual([[], ["x/other/00001"]])
  })

  it("cannot be another member's, nor be added to another member's share", async () => {
    const owner = await aMember()
    const share = await aShare({ owner })
    const [theirs] = await filesIn(await aMember(), "", 1)
    const [mine] = await filesIn(owner, "", 1)

    await expect(
      editShare(acting(owner), share.id, { addFileIds: [theirs?.id ?? ""] }),
    ).rejects.toBeRefusal("not_found", { message: "Files not found." })
    await expect(
      editShare(acting(await aMember()), share.id, { removeFileIds: [share.files[0]?.id ?? ""] }),
    ).rejects.toBeRefusal("not_found")
    await expect(
      editShare(acting(await aMember()), share.id, { addFileIds: [mine?.id ?? ""] }),
    ).rejects.toBeRefusal("not_found")
    expect(await requireShare(owner, share.id)).toMatchObject({ fileCount: 1 })
  })

  it("are never all removed, however many edits try at once", async () => {
    const owner = await aMember()
    const files = await filesIn(owner, "", 8)
    const fileIds = files.map(({ id }) => id)
    const share = await createShare(acting(owner), { fileIds })

    const edits = await Promise.allSettled(
      fileIds.map((id) => editShare(acting(owner), share.id, { removeFileIds: [id] })),
    )

    expect(edits.filter(({ status }) => status === "rejected")).toMatchObject([
      {
        reason: {
          code: "invalid",
          message: "A share needs at least one file. To end it, revoke it.",
        },
      },
    ])
    expect(await requireShare(owner, share.id)).toMatchObject({ fileCount: 1 })
  })

  it("are never more than 10,000, however many edits add at once", async () => {
    const owner = await aMember()
    const share = await aShare({ owner })
    for (const path of ["a", "b", "c"]) await filesIn(owner, path, 4_000)

    const edits = await Promise.allSettled(
      ["a", "b", "c"].map((addFolder) => editShare(acting(owner), share.id, { addFolder })),
    )

    expect(edits.filter(({ status }) => status === "rejected")).toHaveLength(1)
    expect(await requireShare(owner, share.id)).toMatchObject({ fileCount: 8_001 })
  })

  it("get no URL once an edit that removed them has returned, and the others still do", async () => {
    const owner = await aMember()
    const [kept, out] = [await aFile({ owner }), await aFile({ owner, name: "out.pdf" })]
    const share = await aShare({ owner, fileIds: [kept.id, out.id] })
    await clickOn(share.url, [out.id])
    let returned = false
    const late: string[] = []
    const clicks = Array.from({ length: 30 }, async (_, at) => {
      await new Promise((resolve) => setTimeout(resolve, at * 4))
      const wasReturned = returned
      const urls = await clickOn(share.url, [out.id]).catch(() => [])
      if (wasReturned) late.push(...urls)
    })

    const edited = await editShare(acting(owner), share.id, { removeFileIds: [out.id] })
    returned = true
    await Promise.all(clicks)

    expect(late).toEqual([])
    await expect(clickOn(share.url, [out.id])).rejects.toBeRefusal("not_found")
    expect(await clickOn(share.url, null)).toHaveLength(1)
    expect(Date.parse(edited.exposedUntil ?? "")).toBeGreaterThan(Date.now())
  })

  it("are cut off with the share, although they were removed after their URL was handed out", async () => {
    const owner = await aMember()
    const [kept, out] = [await aFile({ owner }), await aFile({ owner, name: "out.pdf" })]
    const share = await aShare({ owner, fileIds: [kept.id, out.id] })
    const urls = await clickOn(share.url, null) // an event that names no file
    await editShare(acting(owner), share.id, { removeFileIds: [out.id] })
    expect(await Promise.all(urls.map((url) => statusOf(url)))).toEqual([200, 200])

    await revokeShare(owner, share.id, { cutOff: true })
    await endedShareCutOff({ owner, shareId: share.id })

    expect(await Promise.all(urls.map((url) => statusOf(url)))).toEqual([403, 403])
  })

  it("count as taken only by those who took all after they were added", async () => {
    const owner = await aMember()
    const [first, later] = [await aFile({ owner }), await aFile({ owner, name: "later.pdf" })]
    const share = await aShare({ owner, fileIds: [first.id] })
    await clickOn(share.url, null)
    const { files } = await editShare(acting(owner), share.id, { addFileIds: [later.id] })

    const { takers, receipts } = await shareActivity(owner, share.id, {
      files,
      views: 0,
      limit: 10,
    })

    expect([takers.get(first.id), takers.get(later.id)]).toEqual([1, undefined])
    expect(receipts[0]).toMatchObject({
      taken: { names: [first.name] },
      neverTaken: { names: ["later.pdf"] },
    })
  })
})
