import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { aFile, aStartedFile, onlyAddress } from "#testing/builders/a-file.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { acting } from "#testing/builders/acting.ts"
import { listFiles } from "./list-files.ts"
import { renameFile } from "./rename-file.ts"
import { finishUpload } from "./upload/finish-upload.ts"
import { startUpload } from "./upload/start-upload.ts"

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

  it("finds a name literally, in any case", async () => {
    const owner = await aMember()
    for (const name of ["100% Größe.pdf", "100 groesse.pdf", "a_b", "a-b"]) {
      await aStartedFile({ owner, name })
    }
    const found = async (q: string) => (await listFiles(owner, { q })).items.map(({ name }) => name)

    expect(await found("0% größe")).toEqual(["100% Größe.pdf"])
    expect(await found("a_b")).toEqual(["a_b"])
    expect(await found("\\")).toEqual([])
  })

  it("separates unfinished files from ready ones, and returns a fingerprint only of the unfinished", async () => {
    const owner = await aMember()
    const fingerprint = "ab".repeat(32)
    const file = { size: 3, contentType: "text/plain", path: "Plans/2026", fingerprint }
    const { file: started, upload } = await startUpload(acting(owner), {
      name: "on its way",
      ...file,
    })
    const ready = await aFile({ owner, name: "here" })

    const { items } = await listFiles(owner, { status: "uploading" })
    expect(items).toEqual([{ ...started, path: "Plans/2026", fingerprint }])
    expect((await listFiles(owner, { status: "ready" })).items).toEqual([ready])

    const { url, headers } = await onlyAddress(owner, started.id, upload)
    await fetch(url, { method: "PUT", headers, body: "abc" })
    await finishUpload(owner, started.id)
    const kept = (await listFiles(owner)).items.map(({ fingerprint }) => fingerprint)
    expect(kept).toEqual([null, null])
  })

  it("shows no file of another member, and refuses a made-up cursor", async () => {
    const { file } = await aStartedFile()
    const stranger = await aMember()

    expect((await listFiles(stranger)).items).toEqual([])
    await expect(renameFile(stranger, file.id, "mine")).rejects.toBeRefusal("not_found")
    await expect(listFiles(stranger, { cursor: "bm90IGE" })).rejects.toBeRefusal("invalid")
  })
})
