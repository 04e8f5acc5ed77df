import { describe, expect, it } from "vitest"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { findSharedFiles, requireSharedFile } from "./find-shared-files.ts"

describe("the files that an admin picks", () => {
  it("are those of any member's shares by a part of their name, each once", async () => {
    const [admin, one, other] = [await anAdmin(), await aMember(), await aMember()]
    const plan = await aFile({ owner: one, name: "Harbour plan 100%.pdf" })
    const copy = await aFile({ owner: other, name: "harbour photo.jpg" })
    const unshared = await aFile({ owner: one, name: "harbour draft.pdf" })
    await aShare({ owner: one, fileIds: [plan.id] })
    await aShare({ owner: one, fileIds: [plan.id] })
    await aShare({ owner: other, fileIds: [copy.id] })

    const found = await findSharedFiles(admin, { q: "HARBOUR" })
    expect(found.map(({ id, shares }) => [id, shares])).toEqual([
      [copy.id, 1],
      [plan.id, 2],
    ])
    expect(await findSharedFiles(admin, { q: "100%" })).toMatchObject([{ id: plan.id }])
    expect(await findSharedFiles(admin, { q: unshared.name })).toEqual([])
  })

  it("are those of a share in its order, without deleted ones", async () => {
    const [admin, owner] = [await anAdmin(), await aMember()]
    const [a, b, c] = [
      await aFile({ owner, name: "a" }),
      await aFile({ owner, name: "b" }),
      await aFile({ owner, name: "c" }),
    ]
    const share = await aShare({ owner, fileIds: [c.id, a.id, b.id] })
    await deleteFile(owner, a.id)

    const files = await findSharedFiles(admin, { shareId: share.id })
    expect(files.map(({ name }) => name)).toEqual(["c", "b"])
    expect(await findSharedFiles(admin, { shareId: "nonsense" })).toEqual([])
    expect(await requireSharedFile(admin, b.id)).toMatchObject({ name: "b", shares: 1 })
    await expect(requireSharedFile(admin, a.id)).rejects.toBeRefusal("not_found")
  })
})
