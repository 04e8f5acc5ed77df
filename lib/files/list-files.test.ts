import { describe, expect, it } from "vitest"
import { db } from "#lib/db.ts"
import { aStartedFile } from "#lib/testing/a-file.ts"
import { aMember } from "#lib/testing/a-member.ts"
import { listFiles } from "./list-files.ts"
import { renameFile } from "./rename-file.ts"

describe("listFiles", () => {
  it("pages through everything once, newest first, also through files of the same moment", async () => {
    const owner = await aMember()
    for (let n = 0; n < 7; n++) await aStartedFile({ owner, name: `${n}` })
    await db.file.updateMany({ data: { createdAt: new Date("2026-03-29T01:30:00.123Z") } })
    await aStartedFile({ owner, name: "newest" })

    const names: string[] = []
    let cursor: string | null = null
    do {
      const page = await listFiles(owner, { limit: 3, ...(cursor ? { cursor } : {}) })
      names.push(...page.items.map(({ name }) => name))
      cursor = page.nextCursor
    } while (cursor)

    expect(names[0]).toBe("newest")
    expect([...names].sort()).toEqual(["0", "1", "2", "3", "4", "5", "6", "newest"])
  })

  it("finds a name as it is written, whatever the case, signs included", async () => {
    const owner = await aMember()
    for (const name of ["100% Größe.pdf", "100 groesse.pdf", "a_b", "a-b"]) {
      await aStartedFile({ owner, name })
    }
    const found = async (q: string) => (await listFiles(owner, { q })).items.map(({ name }) => name)

    expect(await found("0% größe")).toEqual(["100% Größe.pdf"])
    expect(await found("a_b")).toEqual(["a_b"])
    expect(await found("\\")).toEqual([])
  })

  it("shows a member nothing of another, and refuses a cursor that was made up", async () => {
    const { file } = await aStartedFile()
    const stranger = await aMember()

    expect((await listFiles(stranger)).items).toEqual([])
    await expect(renameFile(stranger, file.id, "mine")).rejects.toMatchObject({ code: "not_found" })
    await expect(listFiles(stranger, { cursor: "bm90IGE" })).rejects.toMatchObject({
      code: "invalid",
    })
  })
})
