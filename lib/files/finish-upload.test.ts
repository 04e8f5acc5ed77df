import { describe, expect, it } from "vitest"
import { db } from "#lib/db.ts"
import { presignPut } from "#lib/storage.ts"
import { aStartedFile } from "#lib/testing/a-file.ts"
import { aMember } from "#lib/testing/a-member.ts"
import { deleteFile } from "./delete-file.ts"
import { finishUpload } from "./finish-upload.ts"
import { renewUpload } from "./renew-upload.ts"
import { requireFile } from "./require-file.ts"

describe("finishUpload", () => {
  it("makes a file ready when its bytes are in the store, and says the same again", async () => {
    const { owner, file, put } = await aStartedFile()
    await put()

    const ready = await finishUpload(owner, file.id)

    expect(ready).toEqual({ ...file, status: "ready" })
    expect(await finishUpload(owner, file.id)).toEqual(ready)
  })

  it("takes an empty file", async () => {
    const { owner, file, put } = await aStartedFile({ bytes: "" })
    await put()

    expect((await finishUpload(owner, file.id)).size).toBe(0)
  })

  it("refuses while the bytes have not arrived, and takes them later by a fresh address", async () => {
    const { owner, file, bytes } = await aStartedFile()
    await expect(finishUpload(owner, file.id)).rejects.toMatchObject({ code: "conflict" })

    const { upload } = await renewUpload(owner, file.id)
    if (upload.method !== "put") throw new Error("expected one PUT")
    await fetch(upload.url, { method: "PUT", headers: upload.headers, body: bytes })

    expect((await finishUpload(owner, file.id)).status).toBe("ready")
    await expect(renewUpload(owner, file.id)).rejects.toMatchObject({ code: "conflict" })
  })

  it("refuses bytes of another number than announced", async () => {
    const { owner, file } = await aStartedFile({ bytes: "1234567890" })
    const object = await db.object.findFirstOrThrow({ where: { fileId: file.id } })
    const { url, headers } = await presignPut({ key: object.key, size: 3, contentType: "a/b" })
    await fetch(url, { method: "PUT", headers, body: "123" })

    await expect(finishUpload(owner, file.id)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("3 bytes"),
    })
    expect((await requireFile(owner, file.id)).status).toBe("uploading")
  })

  it("gives twenty simultaneous calls the same answer and one live object", async () => {
    const { owner, file, put } = await aStartedFile()
    await put()

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => finishUpload(owner, file.id)),
    )

    expect(answers).toEqual(Array.from({ length: 20 }, () => ({ ...file, status: "ready" })))
    expect(await db.object.count({ where: { fileId: file.id, state: "live" } })).toBe(1)
  })

  it("never leaves a live object to a file deleted at the same moment", async () => {
    const owner = await aMember()
    const started = await Promise.all(Array.from({ length: 12 }, () => aStartedFile({ owner })))
    await Promise.all(started.map(({ put }) => put()))

    await Promise.allSettled(
      started.flatMap(({ file }) => [finishUpload(owner, file.id), deleteFile(owner, file.id)]),
    )

    expect(await db.object.count({ where: { state: "doomed" } })).toBe(12)
    expect(await db.file.count({ where: { deletedAt: null } })).toBe(0)
    expect(await db.file.count({ where: { objectKey: { not: null } } })).toBe(0)
  })

  it("does not know another member's upload", async () => {
    const { file, put } = await aStartedFile()
    await put()
    const stranger = await aMember()

    await expect(finishUpload(stranger, file.id)).rejects.toMatchObject({ code: "not_found" })
    await expect(renewUpload(stranger, file.id)).rejects.toMatchObject({ code: "not_found" })
  })

  it("is not undone by a PUT that was kept and is sent again", async () => {
    const { owner, file, put } = await aStartedFile()
    await put()
    await finishUpload(owner, file.id)

    expect((await put()).status).toBe(412)
  })
})
