import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import { MAX_OBJECT_BYTES } from "#lib/adapters/configuration/object-size.ts"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { Refusal } from "#lib/adapters/errors.ts"
import { storageClient } from "#lib/adapters/storage/storage-client.ts"
import { headObject } from "#lib/adapters/storage.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { SINGLE_PUT_BYTES, type StartedUpload } from "#lib/rooms/files/file.ts"
import { listFiles } from "#lib/rooms/files/list-files.ts"
import { readUsage } from "#lib/rooms/files/objects/quota.ts"
import { anUploadInParts, aStartedFile, onlyAddress } from "#testing/builders/a-file.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { acting } from "#testing/builders/acting.ts"
import { destroyDoomed, endUploadUrls } from "#testing/store/end-upload-urls.ts"
import { throughStoreProxy, withFewParts } from "#testing/store/store-proxy.ts"
import { GIB } from "#testing/units.ts"
import { finishUpload } from "./finish-upload.ts"
import { signParts } from "./parts/sign-parts.ts"
import { startUpload, startUploads } from "./start-upload.ts"

const onCeph = process.env.LAPSE_TEST_STORE === "ceph"
const contentType = "application/pdf"

async function aMemberWithQuota(quotaBytes: number) {
  const member = await aMember()
  await db.member.update({ where: { id: member }, data: { quotaBytes } })
  return member
}

/** Both stores of the tests refuse to overwrite, so the result of the probe is replaced. */
async function whereStoreOverwrites<Result>(work: () => Promise<Result>) {
  const { capabilities } = storageClient()
  capabilities.set("refusesOverwrite", Promise.resolve(false))
  try {
    return await work()
  } finally {
    capabilities.delete("refusesOverwrite")
  }
}

describe("startUpload", () => {
  it("makes parts so large that the store takes as many, and refuses what does not fit then", async () => {
    const owner = await aMember()
    const start = (size: number) => startUpload(acting(owner), { name: "a.mov", size, contentType })

    await throughStoreProxy(withFewParts(1000), async () => {
      const partSize = 11 * 1024 ** 2
      expect((await start(10 * GIB)).upload).toMatchObject({ partSize, partCount: 931 })
      await expect(start(5001 * GIB)).rejects.toBeRefusal("too_large", {
        message: "“a.mov” is 1.1 GB over the maximum file size (5.4 TB).",
      })
    })
    expect((await start(10 * GIB)).upload).toMatchObject({ partCount: 1280 })
  })

  it("signs a PUT that the store accepts only with the announced size, and only until the file is ready", async () => {
    const owner = await aMember()
    const { file, upload } = await startUpload(acting(owner), {
      name: "a.pdf",
      size: 5,
      contentType,
    })
    const { url, headers } = await onlyAddress(owner, file.id, upload)
    const put = (body: string) => fetch(url, { method: "PUT", headers, body })

    expect((await put("123456")).status).toBe(403)
    expect((await put("12345")).status).toBe(200)
    await finishUpload(owner, file.id)
    expect((await put("54321")).status).toBe(412)
  })

  it("signs the type of one PUT, and its SHA-256 if the store compares it", async () => {
    const owner = await aMember()
    const sha256 = createHash("sha256").update("12345").digest("hex")
    const input = { name: "a.pdf", size: 5, contentType, sha256 }
    const { upload } = await startUpload(acting(owner), input)
    if (upload.method !== "put") throw new Error("expected one PUT")
    const put = (body: string, headers = upload.headers) =>
      fetch(upload.url, { method: "PUT", headers, body })
    const { key } = await db.object.findFirstOrThrow()

    expect((await put("12345", { ...upload.headers, "content-type": "a/b" })).status).toBe(403)
    const altered = await put("12346")
    // Ceph compares no hashes: altered bytes are stored there, and no file is called verified.
    if (onCeph) return void expect(altered.status).toBe(200)
    expect([altered.status, await altered.text()]).toEqual([
      400,
      expect.stringMatching(/BadDigest|XAmzContentSHA256Mismatch/),
    ])
    expect(await headObject(key)).toBeNull()
    expect((await put("12345")).status).toBe(200)
  })

  it("uploads a small file by one PUT, a larger one in parts, and in a store that overwrites every one in parts", async () => {
    const owner = await aMember()
    const methodOf = async (size: number) => {
      const { upload } = await startUpload(acting(owner), { name: "a", size, contentType })
      return upload
    }
    const small = {
      method: "multipart",
      partSize: SINGLE_PUT_BYTES,
      partCount: 1,
      checksums: false,
    }

    for (const size of [0, SINGLE_PUT_BYTES]) {
      expect(await methodOf(size)).toMatchObject({ method: "put" })
      expect(await whereStoreOverwrites(() => methodOf(size))).toMatchObject(small)
    }
    expect(await methodOf(SINGLE_PUT_BYTES + 1)).toEqual({ ...small, partCount: 2 })
    expect(await methodOf(5 * 1024 ** 4)).toEqual({
      ...small,
      partSize: 525 * 1024 ** 2,
      partCount: 9987,
    })
  })

  it("stores the id of the multipart upload with the object", async () => {
    const { object } = await anUploadInParts()

    expect(await object()).toMatchObject({
      state: "uploading",
      uploadId: expect.stringMatching(/./),
      partSize: BigInt(SINGLE_PUT_BYTES),
    })
  })

  it("begins an upload in parts in the store with its first part, so a store that is away delays no link", async () => {
    const owner = await aMember()
    const bucket = configuration.S3_BUCKET
    configuration.S3_BUCKET = "not-there"
    const { file } = await startUpload(acting(owner), {
      name: "a",
      size: 9 * 1024 ** 2,
      contentType,
    })
    const failing = signParts(owner, file.id, { partNumbers: [1] })
    await failing.catch(() => {})
    configuration.S3_BUCKET = bucket

    await expect(failing).rejects.toMatchObject({ name: "NoSuchBucket" })
    const { parts } = await signParts(owner, file.id, { partNumbers: [1, 2] })
    expect(parts.map(({ partNumber }) => partNumber)).toEqual([1, 2])
    expect((await db.object.findFirstOrThrow()).uploadId).toMatch(/./)
  })

  it("inserts the object's row with the deadline of its PUT before it signs", async () => {
    const { file } = await aStartedFile()

    const [object] = await db.object.findMany({ where: { fileId: file.id } })

    expect(object?.state).toBe("uploading")
    const seconds = (Number(object?.putExpiresAt) - Date.now()) / 1000
    expect(Math.abs(seconds - 900)).toBeLessThan(10)
  })

  it("lets exactly as many of a hundred simultaneous starts through as the quota has room for", async () => {
    const owner = await aMemberWithQuota(1000)

    const starts = await Promise.allSettled(
      Array.from({ length: 100 }, (_, n) =>
        startUpload(acting(owner), { name: `${n}`, size: 90, contentType }),
      ),
    )

    const refused = starts.flatMap((start) => (start.status === "rejected" ? [start.reason] : []))
    expect(starts.length - refused.length).toBe(11)
    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(["quota_exceeded"]))
    expect((await readUsage(owner)).usedBytes).toBe(990)
    expect(await db.file.count()).toBe(11)
  })

  it("says how much is missing, and frees the space after a delete when no URL can use it any more", async () => {
    const owner = await aMemberWithQuota(10_000)
    const big = { size: 8_000, contentType }
    const { file } = await startUpload(acting(owner), { name: "first", ...big })

    await expect(startUpload(acting(owner), { name: "second", ...big })).rejects.toBeRefusal(
      "quota_exceeded",
      {
        message: expect.stringMatching(
          /you need 6 kB more.* free up their space within 15 minutes/,
        ),
      },
    )

    await deleteFile(owner, file.id)
    await expect(startUpload(acting(owner), { name: "second", ...big })).rejects.toBeRefusal(
      "quota_exceeded",
    )
    await endUploadUrls()
    await destroyDoomed()
    expect((await startUpload(acting(owner), { name: "second", ...big })).file.name).toBe("second")
  })

  it("refuses a file larger than one may be, and reserves nothing", async () => {
    const owner = await aMember()
    const size = MAX_OBJECT_BYTES + 1e9

    await expect(
      startUpload(acting(owner), { name: "huge.iso", size, contentType }),
    ).rejects.toBeRefusal("too_large", { message: expect.stringContaining("is 1 GB over") })
    expect((await readUsage(owner)).usedBytes).toBe(0)
  })
})

describe("startUploads", () => {
  const aBatch = (sizes: number[]) =>
    sizes.map((size, at) => ({ name: `${at}.pdf`, size, contentType }))
  const sizesOf = (answers: (StartedUpload | Refusal)[]) =>
    answers.map((answer) => (answer instanceof Refusal ? answer.code : answer.file.size))

  it("answers each file in its place, and lists them in their order", async () => {
    const owner = await aMember()
    const bad = new Refusal("invalid", "Enter a file name.")
    const huge = MAX_OBJECT_BYTES + 1
    const [first, second, ...more] = aBatch([5, huge, SINGLE_PUT_BYTES + 1, 0])
    if (!first || !second) throw new Error("expected files")

    const answers = await startUploads(acting(owner), [first, bad, second, ...more])

    expect(sizesOf(answers)).toEqual([5, "invalid", "too_large", SINGLE_PUT_BYTES + 1, 0])
    expect(answers[3]).toMatchObject({ upload: { method: "multipart", partCount: 2 } })
    const { items } = await listFiles(owner, { sort: "created" })
    expect(items.map(({ name }) => name)).toEqual(["0.pdf", "2.pdf", "3.pdf"])
    expect((await readUsage(owner)).usedBytes).toBe(SINGLE_PUT_BYTES + 6)
  })

  it("refuses the files that the quota has no room for, as one call after another would", async () => {
    const owner = await aMemberWithQuota(1_000)
    const refused = "quota_exceeded"

    const answers = await startUploads(acting(owner), aBatch([600, 500, 300, 200, 100, 1, 0]))

    expect(sizesOf(answers)).toEqual([600, refused, 300, refused, 100, refused, 0])
    expect(answers[1]).toMatchObject({
      message: expect.stringContaining(
        "“1.pdf” needs 500 bytes, but only 0 bytes of your 1 kB is available",
      ),
    })
    expect((await readUsage(owner)).usedBytes).toBe(1_000)
    expect(sizesOf(await startUploads(acting(owner), aBatch([1, 2])))).toEqual([refused, refused])
  })

  it("never exceeds the quota by simultaneous batches, and leaves no room that a file would fit", async () => {
    const owner = await aMemberWithQuota(1_000)
    const sizes = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? 90 : 7))

    const answers = await Promise.all(
      Array.from({ length: 16 }, () => startUploads(acting(owner), aBatch(sizes))),
    )

    const started = answers
      .flat()
      .flatMap((answer) => (answer instanceof Refusal ? [] : [answer.file.size]))
    const bytes = started.reduce((sum, size) => sum + size, 0)
    expect(bytes).toBeLessThanOrEqual(1_000)
    expect(bytes).toBeGreaterThan(1_000 - 7)
    expect((await readUsage(owner)).usedBytes).toBe(bytes)
    expect(await db.file.count()).toBe(started.length)
    expect(await db.object.count()).toBe(started.length)
  })

  it("starts no file of a member who was disabled meanwhile", async () => {
    const owner = await aMember()
    await db.member.update({ where: { id: owner }, data: { disabledAt: new Date() } })

    await expect(startUploads(acting(owner), aBatch([1, 2]))).rejects.toBeRefusal("signed_out")
    expect(await db.file.count()).toBe(0)
  })
})
