import { randomBytes } from "node:crypto"
import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import {
  abortMultipart,
  createMultipart,
  deleteObject,
  headObject,
  listMultiparts,
  listObjects,
  presignPut,
  storeTime,
} from "#lib/adapters/storage.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { readUsage } from "#lib/rooms/files/objects/quota.ts"
import { requireFile } from "#lib/rooms/files/require-file.ts"
import { finishUpload } from "#lib/rooms/files/upload/finish-upload.ts"
import { aFile, anUploadInParts, aStartedFile } from "#testing/builders/a-file.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { destroyDoomed, endUploadUrls } from "#testing/store/end-upload-urls.ts"
import { useOwnBucket } from "#testing/store/own-bucket.ts"
import { DAY } from "#testing/units.ts"
import { reconcile } from "./reconcile.ts"

const newKey = () => `o/${randomBytes(20).toString("hex")}`
const inDays = async (days: number) => new Date(Number(await storeTime()) + days * DAY)
const keyOf = async (fileId: string) =>
  (await db.object.findFirstOrThrow({ where: { fileId }, select: { key: true } })).key

async function anObject(key = newKey()) {
  const { url, headers } = await presignPut({
    key,
    size: 3,
    contentType: "text/plain",
    signedAt: new Date(),
  })
  expect((await fetch(url, { method: "PUT", headers, body: "abc" })).status).toBe(200)
  return key
}

async function aMultipart(key = newKey()) {
  const upload = await createMultipart(key, { contentType: "text/plain", checksums: false })
  return { key, uploadId: upload.uploadId }
}

beforeAll(useOwnBucket)

// The bucket is kept between tests, the tables are not.
beforeEach(async () => {
  for await (const { key } of listObjects("o/")) await deleteObject(key)
  for await (const { key, uploadId } of listMultiparts("o/")) await abortMultipart(key, uploadId)
})

describe("reconcile", () => {
  it("finds nothing if bucket and database agree, also during uploads", async () => {
    const owner = await aMember()
    await aFile({ owner })
    const { put } = await aStartedFile({ owner })
    await put()
    const parts = await anUploadInParts({ owner, size: 10 })
    await parts.put(1)
    const cancelled = await aFile({ owner })
    await deleteFile(owner, cancelled.id)

    expect(await reconcile({ apply: true, now: await inDays(3) })).toEqual({
      applied: true,
      objects: 3,
      rows: 1,
      probes: 0,
      young: 0,
      foreign: 0,
      adopted: [],
      orphans: [],
      multiparts: [],
      lost: [],
      overdue: [],
    })

    expect((await finishUpload(owner, parts.file.id)).status).toBe("ready")
  })

  it("changes nothing without apply", async () => {
    const owner = await aMember()
    const kept = await aFile({ owner, bytes: "kept" })
    const lost = await aFile({ owner, name: "lost.pdf", bytes: "lost bytes" })
    await deleteObject(await keyOf(lost.id))
    const orphan = await anObject()
    const forgotten = await aMultipart()
    const now = await inDays(2)
    const found = {
      orphans: [{ key: orphan, size: 3 }],
      multiparts: [forgotten],
      lost: [{ id: lost.id, name: "lost.pdf", size: 10, key: await keyOf(lost.id) }],
    }

    expect(await reconcile({ apply: false, now })).toMatchObject({ ...found, applied: false })
    expect(await reconcile({ apply: false, now })).toMatchObject(found)
    expect(await headObject(orphan)).not.toBeNull()
    expect((await requireFile(owner, lost.id)).status).toBe("ready")

    expect(await reconcile({ apply: true, now })).toMatchObject({ ...found, applied: true })
    expect(await headObject(orphan)).toBeNull()
    await expect(requireFile(owner, lost.id)).rejects.toBeRefusal("not_found")
    await endUploadUrls()
    await destroyDoomed()
    expect((await readUsage(owner)).usedBytes).toBe("kept".length)
    expect(await headObject(await keyOf(kept.id))).not.toBeNull()
    expect(await reconcile({ apply: false, now })).toMatchObject({
      orphans: [],
      multiparts: [],
      lost: [],
    })
  })

  it("skips objects younger than a day by the store's clock, and keys that Lapse does not make", async () => {
    await aFile()
    const young = await anObject()
    const foreign = await anObject("o/somebody-elses.pdf")
    await aMultipart()

    const found = await reconcile({ apply: true, now: await inDays(0.9) })
    expect(found).toMatchObject({ young: 2, foreign: 1, orphans: [], multiparts: [] })
    const later = await reconcile({ apply: true, now: await inDays(1.1) })
    expect(later).toMatchObject({ young: 0, foreign: 1, orphans: [{ key: young }] })

    expect(await headObject(foreign)).not.toBeNull()
  })

  it("aborts a multipart upload that was replaced by another", async () => {
    const { owner, file, put, object } = await anUploadInParts({ size: 10 })
    const { key } = await object()
    const second = await aMultipart(key)
    await aFile({ owner })

    const { multiparts } = await reconcile({ apply: true, now: await inDays(2) })

    expect(multiparts).toEqual([second])
    await put(1)
    expect((await finishUpload(owner, file.id)).status).toBe("ready")
  })

  it("deletes objects that their own job failed to delete for days", async () => {
    const owner = await aMember()
    await aFile({ owner })
    const file = await aFile({ owner })
    const key = await keyOf(file.id)
    await deleteFile(owner, file.id)
    const past = new Date(Date.now() - 2 * DAY)
    await db.object.update({ where: { key }, data: { putExpiresAt: past, doomedAt: past } })

    const { overdue } = await reconcile({ apply: true })

    expect(overdue).toEqual([{ key }])
    expect(await headObject(key)).toBeNull()
    expect(await db.object.count({ where: { key } })).toBe(0)
  })

  it("changes nothing in a bucket that has nothing in common with the database", async () => {
    const file = await aFile()
    await deleteObject(await keyOf(file.id))
    const foreign = await anObject()
    const now = await inDays(2)

    await expect(reconcile({ apply: true, now })).rejects.toBeRefusal("conflict", {
      message: expect.stringContaining("not the bucket of this database"),
    })

    expect(await headObject(foreign)).not.toBeNull()
    expect(await db.file.count({ where: { deletedAt: null } })).toBe(1)
    expect((await reconcile({ apply: false, now })).orphans).toEqual([{ key: foreign, size: 3 }])
  })

  it("does not touch uploads that run at the same time", async () => {
    const owner = await aMember()
    await aFile({ owner })
    const uploading = Array.from({ length: 15 }, async () => {
      const { id } = await aFile({ owner })
      return requireFile(owner, id)
    })

    const [found, ...ready] = await Promise.all([
      reconcile({ apply: true, now: await inDays(0) }),
      ...uploading,
      reconcile({ apply: true, now: await inDays(0) }),
    ])

    expect(found).toMatchObject({ orphans: [], multiparts: [], lost: [] })
    expect(ready).toHaveLength(16)
    expect((await reconcile({ apply: false })).lost).toEqual([])
    expect(await db.file.count({ where: { status: "ready", deletedAt: null } })).toBe(16)
  })
})
