import { once } from "node:events"
import { readdir } from "node:fs/promises"
import { type IncomingMessage, request } from "node:http"
import { join } from "node:path"
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3"
import { getSignedUrl } from "@aws-sdk/s3-request-presigner"
import { afterEach, describe, expect, it } from "vitest"
import { aClient, aDirectory, aStore, aStoreProcess, BUCKET } from "./testing.ts"

const MINUTE_MS = 60_000
const SIZE = 100_000
const BODY = Buffer.alloc(SIZE, "x")

let time = Date.now()
let store: Awaited<ReturnType<typeof aStore>>
afterEach(async () => {
  expect(store.errors).toEqual([])
  await store.close()
})

/** A store that refuses writes under a deleted key for half an hour, by a clock that tests move. */
async function aWatchfulStore() {
  time = Date.now()
  store = await aStore({ now: () => new Date(time), deletedKeyMs: 30 * MINUTE_MS })
}
function pass(ms: number) {
  time += ms
  store.s3.config.systemClockOffset = time - Date.now()
}

const at = (Key: string) => ({ Bucket: BUCKET, Key })
const put = (Key: string) => store.s3.send(new PutObjectCommand({ ...at(Key), Body: BODY }))
const remove = (Key: string) => store.s3.send(new DeleteObjectCommand(at(Key)))
const isStored = (Key: string) =>
  store.s3.send(new HeadObjectCommand(at(Key))).then(
    () => true,
    () => false,
  )
const leftOver = async () => {
  const blobs = await readdir(join(store.dir, "blobs"))
  const names = await Promise.all(blobs.map((shard) => readdir(join(store.dir, "blobs", shard))))
  return [...(await readdir(join(store.dir, "tmp"))), ...names.flat()]
}
const REFUSED = { name: "AccessDenied", message: expect.stringContaining("deleted lately") }

async function anUpload(Key: string) {
  const { UploadId } = await store.s3.send(new CreateMultipartUploadCommand(at(Key)))
  const part = { ...at(Key), UploadId, PartNumber: 1 }
  const { ETag } = await store.s3.send(new UploadPartCommand({ ...part, Body: BODY }))
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] }
  const complete = { ...at(Key), UploadId, MultipartUpload }
  return { part, complete: () => store.s3.send(new CompleteMultipartUploadCommand(complete)) }
}

/** A request whose body is withheld until the test releases it. */
function withheld(url: string, sent = SIZE - 1) {
  const { hostname, port, pathname, search } = new URL(url)
  const headers = { "content-length": String(SIZE) }
  const path = pathname + search
  const message = request({ hostname, port, path, method: "PUT", headers, agent: false })
  const answer = once(message, "response").then(async ([response]: IncomingMessage[]) => {
    let body = ""
    for await (const chunk of response ?? []) body += chunk
    return { status: response?.statusCode, body }
  })
  message.on("error", () => {})
  if (sent > 0) message.write(Buffer.alloc(sent))
  else message.flushHeaders()
  return { answer, finish: () => message.end(Buffer.alloc(SIZE - sent)) }
}
const whileValid = () => ({ expiresIn: 900, signingDate: new Date(time) })
const putUrl = (Key: string) =>
  getSignedUrl(store.s3, new PutObjectCommand({ ...at(Key), ContentLength: SIZE }), whileValid())

describe("a key that was deleted", () => {
  it("takes no object for half an hour, by any write, and then takes one", async () => {
    await aWatchfulStore()
    await Promise.all([put("source"), put("gone")])
    const upload = await anUpload("gone")
    await remove("gone")
    await remove("never there")

    const copy = { CopySource: `${BUCKET}/source` }
    const attempts = [
      () => put("gone"),
      () => put("never there"),
      () => store.s3.send(new CopyObjectCommand({ ...at("gone"), ...copy })),
      () => store.s3.send(new UploadPartCommand({ ...upload.part, Body: BODY })),
      () => store.s3.send(new UploadPartCopyCommand({ ...upload.part, ...copy })),
      upload.complete,
    ]
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject(REFUSED)
    pass(30 * MINUTE_MS - 1)
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject(REFUSED)
    expect(await isStored("gone")).toBe(false)

    pass(1)
    await upload.complete()
    await put("never there")
    expect([await isStored("gone"), await isStored("never there")]).toEqual([true, true])
  })

  it("is remembered after a deletion of many, after a second deletion, and after a restart", async () => {
    await aWatchfulStore()
    await put("one")
    const Objects = ["one", "two"].map((Key) => ({ Key }))
    await store.s3.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects } }))
    pass(20 * MINUTE_MS)
    await remove("two")
    await store.restart()
    for (const key of ["one", "two"]) await expect(put(key)).rejects.toMatchObject(REFUSED)
    pass(10 * MINUTE_MS)
    await put("one")
    await expect(put("two")).rejects.toMatchObject(REFUSED)
  })

  it("refuses a write before its body is read, also by a URL that was signed before", async () => {
    await aWatchfulStore()
    const url = await putUrl("held")
    expect((await fetch(url, { method: "PUT", body: BODY })).status).toBe(200)
    await remove("held")

    const { answer, finish } = withheld(url, 0)
    expect(await answer).toMatchObject({
      status: 403,
      body: expect.stringContaining("deleted lately"),
    })
    finish()
  })

  it("takes no object or part whose upload was under way when it was deleted", async () => {
    await aWatchfulStore()
    const upload = await anUpload("parts")
    const part = new UploadPartCommand({ ...upload.part, PartNumber: 2, ContentLength: SIZE })
    const urls = await Promise.all([putUrl("whole"), getSignedUrl(store.s3, part, whileValid())])
    const held = urls.map((url) => withheld(url))
    await expect.poll(async () => (await readdir(join(store.dir, "tmp"))).length).toBe(2)
    await Promise.all([remove("whole"), remove("parts")])
    for (const { finish } of held) finish()

    const answers = await Promise.all(held.map(({ answer }) => answer))
    expect(answers.map(({ status }) => status)).toEqual([403, 403])
    expect(await isStored("whole")).toBe(false)
    expect(await leftOver()).toEqual([])
  })

  it("has no object after a deletion, however many writes of it run at the same time", async () => {
    await aWatchfulStore()
    await put("source")
    for (let round = 0; round < 20; round++) {
      const key = `raced ${round}`
      const upload = await anUpload(key)
      const writes = [
        put(key),
        upload.complete(),
        store.s3.send(new CopyObjectCommand({ ...at(key), CopySource: `${BUCKET}/source` })),
        put(key),
      ]
      const deleted = new Promise((resolve) => setTimeout(resolve, round % 5)).then(() =>
        remove(key),
      )
      await Promise.allSettled([...writes, deleted])
      await deleted
      expect([key, await isStored(key)]).toEqual([key, false])
    }
    expect(await leftOver()).toHaveLength(1)
  })

  it("takes an object at once by default", async () => {
    store = await aStore()
    await put("again")
    await remove("again")
    await put("again")
    expect(await readdir(store.dir)).not.toContain("deleted")
  })

  it("is not forgotten by kill -9, once its deletion was answered", async () => {
    store = await aStore()
    const place = await aDirectory()
    const args = ["--deleted-key-seconds", "1800"]
    const first = await aStoreProcess(place.dir, { args })
    const s3 = aClient(first.url)
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
    const keys = Array.from({ length: 60 }, (_, n) => `key ${n}`)
    await Promise.all(keys.map((key) => s3.send(new PutObjectCommand({ ...at(key), Body: "x" }))))
    const answered: string[] = []
    const deletions = keys.map(async (key, n) => {
      await s3.send(new DeleteObjectCommand(at(key)))
      answered.push(key)
      if (n === 30) await first.end("SIGKILL")
    })
    await Promise.allSettled(deletions)
    s3.destroy()

    const second = await aStoreProcess(place.dir, { args })
    const after = aClient(second.url)
    expect(answered.length).toBeGreaterThan(0)
    for (const key of answered) {
      const again = after.send(new PutObjectCommand({ ...at(key), Body: "x" }))
      await expect(again).rejects.toMatchObject(REFUSED)
    }
    after.destroy()
    await second.end("SIGTERM")
    await place.remove()
  })
})
