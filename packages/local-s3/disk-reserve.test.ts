import {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3"
import { afterEach, describe, expect, it } from "vitest"
import { aStore, BUCKET } from "./testing.ts"

const Bucket = BUCKET
const RESERVE = 1000
const FULL = { name: "InsufficientStorage", $metadata: { httpStatusCode: 507 } }

let store: Awaited<ReturnType<typeof aStore>>
afterEach(() => store.close())

/** A store with a disk of which so much is free as the returned object says. */
async function aStoreWithFree(bytes: number) {
  const disk = { free: bytes }
  store = await aStore({ reserveBytes: RESERVE, freeBytes: async () => disk.free })
  const put = (Key: string, size = 1) =>
    store.s3.send(new PutObjectCommand({ Bucket, Key, Body: "x".repeat(size) }))
  return { disk, put, s3: store.s3 }
}

describe("the reserve of the disk", () => {
  it("is left by every kind of upload, and everything else goes on", async () => {
    const { disk, put, s3 } = await aStoreWithFree(RESERVE + 100)
    await put("kept")
    const place = { Bucket, Key: "large" }
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(place))
    const part = { ...place, UploadId, PartNumber: 1, Body: "x" }

    disk.free = RESERVE - 1
    const CopySource = `${BUCKET}/kept`
    for (const upload of [
      () => put("more"),
      () => put("empty", 0),
      () => s3.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource })),
      () => s3.send(new CreateMultipartUploadCommand(place)),
      () => s3.send(new UploadPartCommand(part)),
    ]) {
      await expect(upload()).rejects.toMatchObject(FULL)
    }

    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: "kept" }))
    expect(await Body?.transformToString()).toBe("x")
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "kept" }))
    disk.free = RESERVE + 100
    await put("again")
    expect(store.errors).toEqual([])
  })

  it("is not taken by one upload larger than what is above it", async () => {
    const { put } = await aStoreWithFree(RESERVE + 100)
    await put("fits", 100)
    await expect(put("does not", 101)).rejects.toMatchObject(FULL)
  })

  it("is not taken by many uploads at the same moment, and each gives its room back", async () => {
    const asked = Promise.withResolvers<void>()
    let asking = 0
    store = await aStore({
      reserveBytes: RESERVE,
      async freeBytes() {
        asking += 1
        if (asking === 20) asked.resolve()
        await asked.promise
        return RESERVE + 100
      },
    })
    const put = (Key: string, size: number) =>
      store.s3.send(new PutObjectCommand({ Bucket, Key, Body: "x".repeat(size) }))

    const raced = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => put(`o${n}`, 60)))

    const refused = raced.filter(({ status }) => status === "rejected")
    expect(refused).toHaveLength(19)
    for (const each of refused) expect(each).toMatchObject({ reason: FULL })
    await put("after", 100)
  })
})
