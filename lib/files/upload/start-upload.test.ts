import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import { configuration } from "#lib/configuration.ts"
import { db } from "#lib/db.ts"
import { deleteFile } from "#lib/files/delete-file.ts"
import { SINGLE_PUT_BYTES } from "#lib/files/file.ts"
import { listFiles } from "#lib/files/list-files.ts"
import { storageClient } from "#lib/storage/storage-client.ts"
import { headObject } from "#lib/storage.ts"
import { anUploadInParts, aStartedFile, onlyAddress } from "#testing/builders/a-file.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { destroyDoomed, endUploadUrls } from "#testing/store/end-upload-urls.ts"
import { finishUpload } from "./finish-upload.ts"
import { readUsage } from "./quota.ts"
import { startUpload } from "./start-upload.ts"

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
  it("signs a PUT that the store accepts only with the announced size, and only until the file is ready", async () => {
    const owner = await aMember()
    const { file, upload } = await startUpload(owner, { name: "a.pdf", size: 5, contentType })
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
    const { upload } = await startUpload(owner, input)
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
      const { upload } = await startUpload(owner, { name: "a", size, contentType })
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

  it("leaves no file and reserves no quota when the store cannot begin it", async () => {
    const owner = await aMember()
    const bucket = configuration.S3_BUCKET
    configuration.S3_BUCKET = "not-there"
    const failing = startUpload(owner, { name: "a", size: 9 * 1024 ** 2, contentType })
    await failing.catch(() => {})
    configuration.S3_BUCKET = bucket

    await expect(failing).rejects.toMatchObject({ name: "NoSuchBucket" })
    expect((await readUsage(owner)).usedBytes).toBe(0)
    expect((await listFiles(owner)).items).toEqual([])
    expect((await db.object.findFirstOrThrow()).state).toBe("doomed")
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
        startUpload(owner, { name: `${n}`, size: 90, contentType }),
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
    const { file } = await startUpload(owner, { name: "first", ...big })

    await expect(startUpload(owner, { name: "second", ...big })).rejects.toMatchObject({
      code: "quota_exceeded",
      message: expect.stringMatching(/you need 6 kB more.* free up their space within 15 minutes/),
    })

    await deleteFile(owner, file.id)
    await expect(startUpload(owner, { name: "second", ...big })).rejects.toMatchObject({
      code: "quota_exceeded",
    })
    await endUploadUrls()
    await destroyDoomed()
    expect((await startUpload(owner, { name: "second", ...big })).file.name).toBe("second")
  })

  it("refuses a file larger than one may be, and reserves nothing", async () => {
    const owner = await aMember()
    const size = configuration.MAX_FILE_BYTES + 1e9

    await expect(startUpload(owner, { name: "huge.iso", size, contentType })).rejects.toMatchObject(
      {
        code: "too_large",
        message: expect.stringContaining("is 1 GB over"),
      },
    )
    expect((await readUsage(owner)).usedBytes).toBe(0)
  })
})
