import { readdir, stat } from "node:fs/promises"
import { request } from "node:http"
import { join } from "node:path"
import {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3"
import { getSignedUrl } from "@aws-sdk/s3-request-presigner"
import { afterEach, describe, expect, it } from "vitest"
import { aStore, BUCKET } from "../testing.ts"

const Bucket = BUCKET
const RESERVE = 1000
const MIB = 1024 ** 2
const FULL = { name: "InsufficientStorage", $metadata: { httpStatusCode: 507 } }

let store: Awaited<ReturnType<typeof aStore>>
afterEach(() => store.close())

/** A store on a disk whose free bytes the test sets on the returned object. */
async function aStoreWithFree(bytes: number) {
  const disk = { free: bytes }
  store = await aStore({ reserveBytes: RESERVE, freeBytes: async () => disk.free })
  const put = (Key: string, size = 1) =>
    store.s3.send(new PutObjectCommand({ Bucket, Key, Body: "x".repeat(size) }))
  return { disk, put, s3: store.s3 }
}

/** A PUT that stops after three quarters of its bytes. */
async function heldPut(Key: string, size: number) {
  const command = new PutObjectCommand({ Bucket, Key, ContentLength: size })
  const { hostname, port, pathname, search } = new URL(await getSignedUrl(store.s3, command))
  const headers = { "content-length": String(size) }
  const path = pathname + search
  const message = request({ hostname, port, path, method: "PUT", headers, agent: false })
  message.on("error", () => {})
  message.write(Buffer.alloc((size / 4) * 3))
  const temporaries = join(store.dir, "tmp")
  const writtenBytes = async () => {
    const [name] = await readdir(temporaries)
    return name ? (await stat(join(temporaries, name))).size : 0
  }
  await expect.poll(writtenBytes).toBeGreaterThan(size / 2)
  return { drop: () => message.destroy(), writtenBytes }
}

describe("the reserve of the disk", () => {
  it("is kept by every kind of upload, while other requests go on", async () => {
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
      () => s3.send(new CreateMultipartUploadCommand(place)),
      () => s3.send(new UploadPartCommand(part)),
      () => s3.send(new UploadPartCopyCommand({ ...place, UploadId, PartNumber: 2, CopySource })),
    ]) {
      await expect(upload()).rejects.toMatchObject(FULL)
    }

    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: "kept" }))
    expect(await Body?.transformToString()).toBe("x")
    await s3.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource })) // makes a link
    for (const Key of ["kept", "copy"]) await s3.send(new DeleteObjectCommand({ Bucket, Key }))
    disk.free = RESERVE + 100
    await put("again")
    expect(store.errors).toEqual([])
  })

  it("is not used by one upload larger than the space above it", async () => {
    const { put } = await aStoreWithFree(RESERVE + 100)
    await put("fits", 100)
    await expect(put("does not", 101)).rejects.toMatchObject(FULL)
  })

  it("is not used by many simultaneous uploads, and each frees its space", async () => {
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

  it("is not used by the copy of a part of an object, whose size is in no header", async () => {
    const { disk, put, s3 } = await aStoreWithFree(RESERVE + 500)
    await put("source", 400)
    const place = { Bucket, Key: "copied" }
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(place))
    const copy = (CopySourceRange: string) =>
      s3.send(
        new UploadPartCopyCommand({
          ...place,
          UploadId,
          PartNumber: 1,
          CopySource: `${BUCKET}/source`,
          CopySourceRange,
        }),
      )
    disk.free = RESERVE + 100

    await expect(copy("bytes=1-101")).rejects.toMatchObject(FULL)
    await copy("bytes=1-100")
    await copy("bytes=0-399") // the whole object, which is linked
  })

  it("counts written bytes of an upload in progress once, not again as announced", async () => {
    const { disk, put } = await aStoreWithFree(RESERVE + 10 * MIB)
    const held = await heldPut("large", 8 * MIB)
    const written = await held.writtenBytes()
    disk.free -= written

    await put("beside", 2 * MIB)
    disk.free -= 2 * MIB
    await expect(put("too much", 3 * MIB)).rejects.toMatchObject(FULL)

    held.drop()
    disk.free += written
    const after = () => put("after", 8 * MIB).catch(({ name }) => name)
    await expect.poll(after).toMatchObject({ $metadata: { httpStatusCode: 200 } })
  })
})
