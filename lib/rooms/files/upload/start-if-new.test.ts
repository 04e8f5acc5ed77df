import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import type { FileInput } from "#lib/rooms/files/file.ts"
import { moveFiles } from "#lib/rooms/files/move-files.ts"
import { readUsage } from "#lib/rooms/files/objects/quota.ts"
import { renameFile } from "#lib/rooms/files/rename-file.ts"
import { onlyAddress } from "#testing/builders/a-file.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { aGuest, aRequest, again as sameGuest, sentBy } from "#testing/builders/a-request.ts"
import { acting } from "#testing/builders/acting.ts"
import { finishUpload } from "./finish-upload.ts"
import { startUploads } from "./start-upload.ts"
import type { Guest } from "./uploader.ts"

const hash = (text: string) => createHash("sha256").update(text).digest("hex")
/** A file as a page announces it: `bytes` are its content, `version` its fingerprint. */
type Content = { bytes?: string; version?: string; path?: string }
const aFile = (name: string, { bytes = "bytes", version, path = "trip" }: Content = {}) => ({
  ...{ name, path, size: bytes.length, contentType: "text/csv" },
  ...{ fingerprint: hash(version ?? bytes), sha256: hash(bytes) },
})
const withoutHash = ({ sha256: _, ...file }: ReturnType<typeof aFile>): FileInput => file

/** Starts the files that are new. Returns "new", "there" or the refusal of each. */
async function startNew(by: PersonId | Guest, files: FileInput[]) {
  const actor = typeof by === "string" ? acting(by) : by
  const answers = await startUploads(actor, files, { ifNew: true })
  return answers.map((one) => {
    if (one instanceof Error) return one.code
    return "taken" in one ? one : one.upload ? "new" : "there"
  })
}

async function sent(owner: PersonId, ...files: FileInput[]) {
  const ids: string[] = []
  for (const started of await startUploads(acting(owner), files)) {
    if (started instanceof Error) throw started
    const { file, upload } = started
    const { url, headers } = await onlyAddress(owner, file.id, upload)
    await fetch(url, { method: "PUT", headers, body: "bytes" })
    await finishUpload(owner, file.id)
    ids.push(file.id)
  }
  return ids
}

describe("files that are sent again", () => {
  it("answers what has arrived in its place, reserves nothing for it, and starts the others", async () => {
    const owner = await aMember()
    const [a, b] = await sent(owner, aFile("a.csv"), aFile("b.csv"))
    const { usedBytes } = await readUsage(owner)
    const asked = [aFile("new.csv"), aFile("b.csv"), aFile("a.csv", { path: "" }), aFile("a.csv")]

    const answers = await startUploads(acting(owner), asked, { ifNew: true })

    expect(answers).toMatchObject([
      { file: { name: "new.csv" }, upload: { method: "put" } },
      { file: { id: b, status: "ready" }, upload: null },
      { file: { name: "a.csv", path: "" }, upload: { method: "put" } },
      { file: { id: a }, upload: null },
    ])
    expect((await readUsage(owner)).usedBytes).toBe(usedBytes + 10)
    expect(await startNew(owner, asked)).toEqual(["new", "there", "new", "there"])
    expect(await startUploads(acting(owner), [aFile("a.csv")])).toMatchObject([
      { upload: { method: "put" } },
    ])
  })

  it("knows a file by its fingerprint, and by its SHA-256 where a phone gave it a new time", async () => {
    const owner = await aMember()
    const [a = ""] = await sent(owner, aFile("a.csv"))
    const later = aFile("a.csv", { version: "taken later" })

    expect(await startNew(owner, [withoutHash(aFile("a.csv"))])).toEqual(["there"])
    expect(await startNew(owner, [later])).toEqual(["there"])
    await db.file.update({ where: { id: a }, data: { sha256: null } })
    expect(await startNew(owner, [aFile("a.csv")])).toEqual(["there"])
  })

  it("refuses another file of the same name, and shows the one that is there", async () => {
    const owner = await aMember()
    const [a] = await sent(owner, aFile("a.csv"))
    const { usedBytes } = await readUsage(owner)
    const others = [
      aFile("a.csv", { bytes: "other" }),
      aFile("a.csv", { bytes: "longer bytes", version: "bytes" }),
      withoutHash(aFile("a.csv", { version: "other" })),
      aFile("a.csv", { bytes: "other", version: "bytes" }),
    ]

    for (const answer of await startNew(owner, others))
      expect(answer).toMatchObject({
        taken: { id: a, size: 5, sha256: hash("bytes") },
        refusal: {
          code: "conflict",
          field: "name",
          message: "A different file named “a.csv” is already there.",
        },
      })
    expect((await readUsage(owner)).usedBytes).toBe(usedBytes)
    expect(await db.file.count()).toBe(1)
  })

  it("refuses another file of the same name by the quota where there is no room for it", async () => {
    const owner = await aMember()
    const [a] = await sent(owner, aFile("a.csv"))
    const setQuota = (quotaBytes: number) => db.member.updateMany({ data: { quotaBytes } })
    await setQuota(12)
    const large = aFile("a.csv", { bytes: "longer bytes" })

    expect(await startNew(owner, [large, aFile("a.csv", { bytes: "other" })])).toMatchObject([
      "quota_exceeded",
      { taken: { id: a } },
    ])
    await setQuota(5)
    expect(await startNew(owner, [aFile("a.csv", { bytes: "other" })])).toEqual(["quota_exceeded"])
    // Its SHA-256 may show that it is the same.
    expect(await startNew(owner, [withoutHash(aFile("a.csv", { version: "b" }))])).toMatchObject([
      { taken: { id: a } },
    ])
    expect(await startNew(owner, [aFile("a.csv")])).toEqual(["there"])
  })

  it("refuses a guest's other file of the same name where the request is full", async () => {
    const { publicId } = await aRequest({ maxFiles: 1 })
    const guest = await aGuest(publicId)
    await sentBy(guest, { name: "a.csv", path: "trip" })

    expect(await startNew(guest, [aFile("a.csv", { bytes: "other" })])).toEqual(["quota_exceeded"])
  })

  it("prefers the same file where several have the name, and knows none that was deleted, moved or never arrived", async () => {
    const owner = await aMember()
    const [a = "", other = ""] = await sent(owner, aFile("a.csv"), aFile("a.csv"))
    await db.file.update({ where: { id: other }, data: { sha256: hash("other"), size: 9 } })
    await startUploads(acting(owner), [aFile("uploading.csv")])

    expect(await startNew(owner, [aFile("a.csv")])).toEqual(["there"])
    await deleteFile(owner, other)
    await moveFiles(owner, { fileIds: [a], path: "elsewhere" })
    expect(await startNew(owner, [aFile("a.csv"), aFile("uploading.csv")])).toEqual(["new", "new"])
    expect(await startNew(owner, [aFile("a.csv", { path: "elsewhere" })])).toEqual(["there"])
    await deleteFile(owner, a)
    expect(await startNew(owner, [aFile("a.csv", { path: "elsewhere" })])).toEqual(["new"])
  })

  it.each(["checking", "held"] as const)("knows a file that is %s", async (status) => {
    const owner = await aMember()
    await sent(owner, aFile("a.csv"))
    await db.file.updateMany({ data: { status } })

    expect(await startNew(owner, [aFile("a.csv")])).toEqual(["there"])
    expect(await startNew(await aMember(), [aFile("a.csv")])).toEqual(["new"])
  })

  it("knows a guest's files by the names under which they were sent, in the same delivery alone", async () => {
    const { publicId, ownerId } = await aRequest()
    const guest = await aGuest(publicId)
    const [started] = await startUploads(guest, [aFile("a.csv")])
    if (!started || started instanceof Error || started.upload.method !== "put")
      throw new Error("expected one PUT")
    const { url, headers } = started.upload
    await fetch(url, { method: "PUT", headers, body: "bytes" })
    await finishUpload(guest, started.file.id)
    await renameFile(ownerId, started.file.id, "renamed.csv")
    await db.file.updateMany({ data: { status: "held" } })

    const again = await sameGuest(guest, publicId)
    const [answer] = await startUploads(again, [aFile("a.csv")], { ifNew: true })
    expect(answer).toMatchObject({
      file: { id: started.file.id, name: "a.csv", path: "trip", status: "checking" },
      upload: null,
    })
    expect(await startNew(again, [aFile("a.csv", { bytes: "other" })])).toMatchObject([
      { taken: { id: started.file.id, name: "a.csv", status: "checking" } },
    ])
    expect(await startNew(await aGuest(publicId), [aFile("a.csv")])).toEqual(["new"])
    expect(await startNew(ownerId, [aFile("renamed.csv")])).toEqual(["new"])
  })

  it("starts nothing again that has arrived, for many at the same time", async () => {
    const owner = await aMember()
    const names = Array.from({ length: 12 }, (_, at) => `${at}.csv`)
    await sent(owner, ...names.map((name) => aFile(name)))
    const asked = [...names, "new.csv"].map((name) => aFile(name))

    const all = await Promise.all(Array.from({ length: 8 }, () => startNew(owner, asked)))

    for (const answers of all) expect(answers).toEqual([...names.map(() => "there"), "new"])
  })
})
