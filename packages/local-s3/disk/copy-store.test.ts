import { randomBytes } from "node:crypto"
import { mkdir, readdir, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { aStore, BUCKET } from "../testing.ts"
import { copyStore } from "./copy-store.ts"

let store: Awaited<ReturnType<typeof aStore>>
let place: ReturnType<typeof makeFastDirectory>
let copy = ""
const stops: (() => Promise<unknown>)[] = []

beforeEach(async () => {
  place = makeFastDirectory()
  store = await aStore({ dir: join(place.path, "store") })
  copy = join(place.path, "copy")
})
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
  await store.close()
  place.remove()
})

const put = (Key: string, Body: string | Buffer) =>
  store.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }))

const begin = async (Key: string) => {
  const { UploadId } = await store.s3.send(
    new CreateMultipartUploadCommand({ Bucket: BUCKET, Key }),
  )
  const named = { Bucket: BUCKET, Key, UploadId }
  const { ETag } = await store.s3.send(
    new UploadPartCommand({ ...named, PartNumber: 1, Body: `part of ${Key}` }),
  )
  const complete = () =>
    store.s3.send(
      new CompleteMultipartUploadCommand({
        ...named,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
      }),
    )
  return { named, complete }
}

async function openCopy() {
  const opened = await aStore({ dir: copy, bucket: "another" })
  stops.push(opened.close)
  const read = async (Key: string) => {
    const { Body } = await opened.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }))
    return Body?.transformToString()
  }
  return { ...opened, read }
}

async function theBlobs(directory: string) {
  const entries = await readdir(join(directory, "blobs"), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

describe("copyStore", () => {
  it("links the bytes, brings the copy up to date when called again, and the copy opens", async () => {
    await put("kept", "kept")
    await put("deleted", "deleted")
    const upload = await begin("in parts")
    const open = await begin("open")
    await copyStore(store.dir, copy)

    await upload.complete()
    await put("later", "later")
    await store.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "deleted" }))
    await copyStore(store.dir, copy)

    const inodes = async (directory: string) =>
      (await Promise.all((await theBlobs(directory)).map((file) => stat(file))))
        .map(({ ino }) => ino)
        .sort()
    expect(await inodes(copy)).toEqual(await inodes(store.dir))
    const { read, s3, errors } = await openCopy()
    expect(await read("kept")).toBe("kept")
    expect(await read("later")).toBe("later")
    expect(await read("in parts")).toBe("part of in parts")
    await expect(read("deleted")).rejects.toMatchObject({ name: "NoSuchKey" })
    const { Parts } = await s3.send(new ListPartsCommand(open.named))
    expect(Parts).toHaveLength(1)
    expect(errors).toEqual([])
  })

  it("holds every object that was stored before it was called, while others come and go", async () => {
    const stored: string[] = []
    const ended: Promise<unknown>[] = []
    let running = true
    const write = async (writer: number) => {
      for (let n = 0; running && n < 90; n++) {
        const key = `${writer}-${n}`
        if (n % 3 === 0) await put(key, `part of ${key}`)
        else {
          const { named, complete } = await begin(key)
          if (n % 3 === 1) await complete()
          else ended.push(store.s3.send(new AbortMultipartUploadCommand(named)))
        }
        if (n % 3 < 2) stored.push(key)
      }
    }
    const writers = [0, 1].map(write)
    for (let round = 0; round < 2; round++) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      copy = join(place.path, `copy-${round}`)
      await copyStore(store.dir, copy)
      const before = [...stored]
      await copyStore(store.dir, copy)
      const { read, errors } = await openCopy()
      for (const key of before) expect(await read(key)).toBe(`part of ${key}`)
      expect(errors).toEqual([])
    }
    running = false
    await Promise.all([...writers, ...ended])
    expect(stored.length).toBeGreaterThan(20)
  })

  it("completes a file that an earlier copy left half", async () => {
    const bytes = randomBytes(1000)
    await put("kept", bytes)
    const [blob = ""] = await theBlobs(store.dir)
    const half = join(copy, blob.slice(store.dir.length))
    await mkdir(join(half, ".."), { recursive: true })
    await writeFile(half, bytes.subarray(0, 10))

    await copyStore(store.dir, copy)

    expect((await stat(half)).size).toBe(1000)
  })
})
