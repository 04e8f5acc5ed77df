import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import * as stored from "#lib/adapters/storage.ts"
import { headObject, presignPart, presignPut } from "#lib/adapters/storage.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { destroyObject } from "#lib/rooms/files/objects/destroy-object.ts"
import { readUsage } from "#lib/rooms/files/objects/quota.ts"
import { requireFile } from "#lib/rooms/files/require-file.ts"
import { anUploadInParts, aStartedFile, onlyAddress } from "#testing/builders/a-file.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { acting } from "#testing/builders/acting.ts"
import { inTurn } from "#testing/in-turn.ts"
import { destroyDoomed, endUploadUrls } from "#testing/store/end-upload-urls.ts"
import { finishUpload } from "./finish-upload.ts"
import { listParts } from "./parts/list-parts.ts"
import { resumeUpload } from "./resume-upload.ts"
import { startUpload } from "./start-upload.ts"

const onCeph = process.env.LAPSE_TEST_STORE === "ceph"
const HASH = "ab".repeat(32)

describe("finishUpload", () => {
  it("makes a file ready when its bytes are in the store, and repeats the answer", async () => {
    const { owner, file, put } = await aStartedFile()
    await put()

    const ready = await finishUpload(owner, file.id)

    expect(ready).toEqual({ ...file, status: "ready" })
    expect(await finishUpload(owner, file.id)).toEqual(ready)
  })

  it("accepts an empty file", async () => {
    const { owner, file, put } = await aStartedFile({ bytes: "" })
    await put()

    expect((await finishUpload(owner, file.id)).size).toBe(0)
  })

  it("refuses until the bytes have arrived, and accepts them later by a fresh URL", async () => {
    const { owner, file, bytes } = await aStartedFile()
    await expect(finishUpload(owner, file.id)).rejects.toBeRefusal("conflict")

    const { upload } = await resumeUpload(owner, file.id)
    const { url, headers } = await onlyAddress(owner, file.id, upload)
    await fetch(url, { method: "PUT", headers, body: bytes })

    expect((await finishUpload(owner, file.id)).status).toBe("ready")
    await expect(resumeUpload(owner, file.id)).rejects.toBeRefusal("conflict")
  })

  it("refuses a number of bytes other than announced", async () => {
    const { owner, file } = await aStartedFile({ bytes: "1234567890" })
    const object = await db.object.findFirstOrThrow({ where: { fileId: file.id } })
    const { url, headers } = await presignPut({
      key: object.key,
      size: 3,
      contentType: "a/b",
      signedAt: new Date(),
    })
    await fetch(url, { method: "PUT", headers, body: "123" })

    await expect(finishUpload(owner, file.id)).rejects.toBeRefusal("conflict", {
      message: expect.stringContaining("3 bytes"),
    })
    expect((await requireFile(owner, file.id)).status).toBe("uploading")
  })

  it.each(["gzip", "br", "x-made-up"])(
    "refuses an object that was stored with the Content-Encoding %s: fifty kilobytes would arrive as many megabytes",
    async (encoding) => {
      const { owner, file, bytes } = await aStartedFile()
      const { upload } = await resumeUpload(owner, file.id)
      const { url, headers } = await onlyAddress(owner, file.id, upload)
      await fetch(url, {
        method: "PUT",
        headers: { ...headers, "Content-Encoding": encoding },
        body: bytes,
      })

      await expect(finishUpload(owner, file.id)).rejects.toBeRefusal("conflict", {
        message: expect.stringContaining(encoding),
      })
      expect((await requireFile(owner, file.id)).status).toBe("uploading")
    },
  )

  it("marks only a SHA-256 as verified that the store compared", async () => {
    const bytes = "some bytes"
    const sha256 = createHash("sha256").update(bytes).digest("hex")
    const owner = await aMember()
    const announced = await startUpload(acting(owner), {
      name: "a.txt",
      contentType: "text/plain",
      size: bytes.length,
      sha256,
    })
    const { url, headers } = await onlyAddress(owner, announced.file.id, announced.upload)
    await fetch(url, { method: "PUT", headers, body: bytes })
    const stated = await aStartedFile({ owner })
    await stated.put()

    expect(await finishUpload(owner, announced.file.id)).toMatchObject({
      sha256,
      sha256Verified: !onCeph, // Ceph compares no SHA-256
    })
    expect(await finishUpload(owner, stated.file.id, { sha256: HASH })).toMatchObject({
      sha256: HASH,
      sha256Verified: false,
    })
    expect(await requireFile(owner, stated.file.id)).toMatchObject({ sha256Verified: false })
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

    await expectNothingLives(12)
  })

  it("does not find another member's upload", async () => {
    const { file, put } = await aStartedFile()
    await put()
    const stranger = await aMember()

    await expect(finishUpload(stranger, file.id)).rejects.toBeRefusal("not_found")
    await expect(resumeUpload(stranger, file.id)).rejects.toBeRefusal("not_found")
  })

  it("is not undone by a PUT that is sent again", async () => {
    const { owner, file, put } = await aStartedFile()
    await put()
    await finishUpload(owner, file.id)

    expect((await put()).status).toBe(412)
  })
})

describe("finishUpload of parts", () => {
  it("completes the upload once all parts are there, in any order", async () => {
    const { owner, file, body, put, object } = await anUploadInParts()
    await expect(finishUpload(owner, file.id)).rejects.toBeRefusal("conflict", {
      message: "2 of 2 parts of “film.mp4” haven’t been uploaded yet.",
    })
    await put(2)
    await expect(finishUpload(owner, file.id)).rejects.toBeRefusal("conflict", {
      message: "1 of 2 parts of “film.mp4” haven’t been uploaded yet.",
    })
    expect((await listParts(owner, file.id)).parts).toEqual([{ partNumber: 2, size: 1 }])
    await put(1)

    const ready = await finishUpload(owner, file.id)

    expect(ready).toEqual({ ...file, status: "ready" })
    expect(await finishUpload(owner, file.id)).toEqual(ready)
    const { key, state } = await object()
    expect([state, await headObject(key)]).toMatchObject([
      "live",
      { size: body.length, contentType: "video/mp4" },
    ])
    await expect(listParts(owner, file.id)).rejects.toBeRefusal("conflict")
  })

  it("accepts an empty file as one empty part", async () => {
    const { owner, file, put } = await anUploadInParts({ size: 0 })
    await put(1)

    expect(await finishUpload(owner, file.id)).toMatchObject({ size: 0, status: "ready" })
  })

  it("refuses a part of a wrong size", async () => {
    const { owner, file, put, object } = await anUploadInParts()
    await put(1)
    const { key, uploadId } = await object()
    const { url } = await presignPart({
      key,
      uploadId: uploadId ?? "",
      partNumber: 2,
      size: 3,
      signedAt: new Date(),
    })
    await fetch(url, { method: "PUT", body: "abc" })

    await expect(finishUpload(owner, file.id)).rejects.toBeRefusal("conflict", {
      message:
        "The storage received 3 bytes of part 2 of “film.mp4” instead of 1 byte. Upload it again.",
    })
    expect((await requireFile(owner, file.id)).status).toBe("uploading")
  })

  it("refuses parts that the store should have checked and did not", async () => {
    const { owner, file, put } = await anUploadInParts()
    await put(1, 2)
    await db.object.updateMany({ data: { checksums: true } })

    await expect(finishUpload(owner, file.id)).rejects.toBeRefusal("conflict", {
      message: expect.stringContaining("didn’t verify part 1"),
    })
  })

  it("accepts parts that the store has checked", async () => {
    const { owner, file, put } = await anUploadInParts({ partChecksums: true })
    await put(1, 2)

    expect((await finishUpload(owner, file.id)).status).toBe("ready")
  })

  it("keeps the SHA-256 that the browser computed, and refuses one that differs from the announced one", async () => {
    const { owner, file, put } = await anUploadInParts({ size: 3 })
    await put(1)
    const ready = await finishUpload(owner, file.id, { sha256: HASH })
    expect(ready.sha256).toBe(HASH)
    expect(await requireFile(owner, file.id)).toEqual(ready)

    const announced = await anUploadInParts({ size: 3, sha256: HASH })
    await announced.put(1)
    const finish = (sha256: string) => finishUpload(announced.owner, announced.file.id, { sha256 })
    await expect(finish("cd".repeat(32))).rejects.toBeRefusal("conflict")
    expect((await finish(HASH)).sha256).toBe(HASH)
  })

  it("makes a file ready that an earlier call completed before it crashed", async () => {
    const { owner, file, put, object } = await anUploadInParts()
    await put(1, 2)
    const { key, uploadId } = await object()
    const parts = await stored.listParts(key, uploadId ?? "")
    expect(await stored.completeMultipart(key, uploadId ?? "", parts ?? [])).toBe(true)

    expect(await listParts(owner, file.id)).toEqual({
      parts: [
        { partNumber: 1, size: 8 * 1024 ** 2 },
        { partNumber: 2, size: 1 },
      ],
    })
    expect((await finishUpload(owner, file.id)).status).toBe("ready")
  })

  it("begins a new upload of the same file when the store aborted the old one", async () => {
    const { owner, file, put, object } = await anUploadInParts()
    await put(1)
    const before = await object()
    await stored.abortMultipart(before.key, before.uploadId ?? "")
    await expect(finishUpload(owner, file.id)).rejects.toBeRefusal("conflict")

    const lists = await Promise.all(Array.from({ length: 5 }, () => listParts(owner, file.id)))

    expect(lists).toEqual(Array.from({ length: 5 }, () => ({ parts: [] })))
    expect((await object()).uploadId).not.toBe(before.uploadId)
    await put(1, 2)
    expect((await finishUpload(owner, file.id)).status).toBe("ready")
  })

  it("gives twenty simultaneous calls the same answer and one live object", async () => {
    const { owner, file, put } = await anUploadInParts({ size: 100 })
    await put(1)

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => finishUpload(owner, file.id)),
    )

    expect(answers).toEqual(Array.from({ length: 20 }, () => ({ ...file, status: "ready" })))
    expect(await db.object.count({ where: { fileId: file.id, state: "live" } })).toBe(1)
  })

  it("never leaves a live object to a file cancelled at the same moment, and releases the quota once", async () => {
    const owner = await aMember()
    const uploads = await inTurn(12, () => anUploadInParts({ owner, size: 100 }))
    for (const { put } of uploads) await put(1)

    await Promise.allSettled(
      uploads.flatMap(({ file }) => [
        finishUpload(owner, file.id),
        deleteFile(owner, file.id),
        finishUpload(owner, file.id),
      ]),
    )

    await expectNothingLives(12)
    await endUploadUrls()
    await destroyDoomed()
    expect((await readUsage(owner)).usedBytes).toBe(0)
    const objects = await db.object.findMany()
    for (const { key } of objects) {
      await destroyObject(key)
      expect(await headObject(key)).toBeNull()
    }
  })

  it("is not undone by a part that is sent again", async () => {
    const { owner, file, sign, object } = await anUploadInParts({ size: 10 })
    const send = await sign(1)
    await send()
    await finishUpload(owner, file.id)
    const before = await headObject((await object()).key)

    expect((await send()).status).toBe(404)

    expect(await headObject((await object()).key)).toEqual(before)
  })
})

async function expectNothingLives(count: number) {
  expect(await db.object.count({ where: { state: "doomed" } })).toBe(count)
  expect(await db.file.count({ where: { deletedAt: null } })).toBe(0)
  expect(await db.file.count({ where: { objectKey: { not: null } } })).toBe(0)
}
