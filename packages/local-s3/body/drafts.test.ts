import { once } from "node:events"
import { readdir } from "node:fs/promises"
import { type IncomingMessage, request } from "node:http"
import { join } from "node:path"
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3"
import { getSignedUrl } from "@aws-sdk/s3-request-presigner"
import { afterEach, describe, expect, it } from "vitest"
import { aStore, BUCKET } from "../testing.ts"
import { createDrafts } from "./drafts.ts"

const SIZE = 100_000
const MINUTE_MS = 60_000

let store: Awaited<ReturnType<typeof aStore>>
afterEach(async () => {
  expect(store.errors).toEqual([])
  await store.close()
})

const at = (Key: string) => ({ Bucket: BUCKET, Key })
const putUrl = (Key: string) =>
  getSignedUrl(store.s3, new PutObjectCommand({ ...at(Key), ContentLength: SIZE }), {
    expiresIn: 60,
    signingDate: new Date(store.s3.config.systemClockOffset + Date.now()),
  })
const temporaries = () => readdir(join(store.dir, "tmp"))
const isStored = (Key: string) =>
  store.s3.send(new HeadObjectCommand(at(Key))).then(
    () => true,
    () => false,
  )

/** A PUT that withholds its last byte until the test releases it. */
async function withheldPut(url: string) {
  const { hostname, port, pathname, search } = new URL(url)
  const headers = { "content-length": String(SIZE) }
  const path = pathname + search
  const message = request({ hostname, port, path, method: "PUT", headers, agent: false })
  const answer = once(message, "response").then(async ([response]: IncomingMessage[]) => {
    let body = ""
    for await (const chunk of response ?? []) body += chunk
    return { status: response?.statusCode, body }
  })
  answer.catch(() => {})
  message.on("error", () => {})
  message.write(Buffer.alloc(SIZE - 1))
  return { answer, finish: () => message.end("x"), drop: () => message.destroy() }
}

describe("PUTs of one presigned URL that hold their last byte back", () => {
  it("keep one temporary file, not thirty, and the newest of them is stored", async () => {
    store = await aStore()
    const url = await putUrl("held")
    const puts = await Promise.all(Array.from({ length: 30 }, () => withheldPut(url)))
    const answers: { status: number | undefined; body: string }[] = []
    for (const { answer } of puts) answer.then((answered) => answers.push(answered))
    await expect.poll(() => answers.length, { timeout: 10_000 }).toBe(29)
    expect(await temporaries()).toHaveLength(1)
    expect(answers.every(({ body }) => body.includes("OperationAborted"))).toBe(true)
    for (const { finish } of puts) finish()
    await expect.poll(() => answers.length).toBe(30)
    expect(answers.at(-1)?.status).toBe(200)
    expect(await isStored("held")).toBe(true)
    expect(await temporaries()).toEqual([])
  })

  it("do not stop the retry of a part whose connection died silently", async () => {
    store = await aStore()
    const { UploadId } = await store.s3.send(new CreateMultipartUploadCommand(at("parts")))
    const part = { ...at("parts"), UploadId, PartNumber: 1 }
    const url = await getSignedUrl(
      store.s3,
      new UploadPartCommand({ ...part, ContentLength: SIZE }),
    )
    const dead = await withheldPut(url)
    await expect.poll(temporaries).toHaveLength(1)
    const retry = await fetch(url, { method: "PUT", body: Buffer.alloc(SIZE, "r") })
    expect(retry.status).toBe(200)
    expect((await dead.answer).body).toContain("OperationAborted")
    const { Parts } = await store.s3.send(new ListPartsCommand(part))
    expect(Parts).toMatchObject([{ ETag: retry.headers.get("etag"), Size: SIZE }])
    await store.s3.send(new CompleteMultipartUploadCommand({ ...part, MultipartUpload: { Parts } }))
  })
})

describe("a presigned PUT", () => {
  const START = Date.now()
  let time = START

  it("that ends long after its URL is refused, and no byte is kept", async () => {
    time = START
    store = await aStore({ now: () => new Date(time) })
    const late = await withheldPut(await putUrl("late"))
    const inTime = await withheldPut(await putUrl("in-time"))
    const early = await withheldPut(await putUrl("early"))
    await expect.poll(temporaries).toHaveLength(3)
    time = START + 10 * MINUTE_MS
    inTime.finish()
    expect((await inTime.answer).status).toBe(200)
    time = START + 12 * MINUTE_MS
    late.finish()
    expect(await late.answer).toMatchObject({
      status: 403,
      body: expect.stringContaining("Request has expired"),
    })
    early.drop()
    await expect.poll(temporaries).toEqual([])
    time = START
    expect(await Promise.all(["late", "in-time", "early"].map(isStored))).toEqual([
      false,
      true,
      false,
    ])
  })

  it("of a part that ends long after its URL adds no part", async () => {
    time = START
    store = await aStore({ now: () => new Date(time) })
    const { UploadId } = await store.s3.send(new CreateMultipartUploadCommand(at("late-part")))
    const part = { ...at("late-part"), UploadId, PartNumber: 1 }
    const url = await getSignedUrl(
      store.s3,
      new UploadPartCommand({ ...part, ContentLength: SIZE }),
      { expiresIn: 60 },
    )
    const late = await withheldPut(url)
    await expect.poll(temporaries).toHaveLength(1)
    time = START + 12 * MINUTE_MS
    late.finish()
    expect((await late.answer).status).toBe(403)
    time = START
    expect((await store.s3.send(new ListPartsCommand(part))).Parts ?? []).toEqual([])
  })
})

describe("a body that stops arriving", () => {
  it("ends with RequestTimeout after a while, and leaves the disk", async () => {
    store = await aStore({ bodyIdleMs: 200 })
    const held = await withheldPut(await putUrl("idle"))
    expect((await held.answer).body).toContain("RequestTimeout")
    expect(await temporaries()).toEqual([])
    expect(await isStored("idle")).toBe(false)
  })

  it("makes room for others when all drafts are taken, or they are asked to retry", async () => {
    store = await aStore({ maxDrafts: 2 })
    const held = [await withheldPut(await putUrl("a")), await withheldPut(await putUrl("b"))]
    await expect.poll(temporaries).toHaveLength(2)
    const third = await fetch(await putUrl("c"), { method: "PUT", body: Buffer.alloc(SIZE) })
    expect([third.status, await third.text()]).toEqual([503, expect.stringContaining("SlowDown")])
    held[0]?.finish()
    expect((await held[0]?.answer)?.status).toBe(200)
    const fourth = await fetch(await putUrl("c"), { method: "PUT", body: Buffer.alloc(SIZE) })
    expect(fourth.status).toBe(200)
    held[1]?.drop()
  })
})

describe("requests with a signed header", () => {
  it("may write one key at the same time, as in S3, and the last wins", async () => {
    store = await aStore()
    const drafts = createDrafts({ idleMs: 1000, max: 10 })
    let running = 0
    let most = 0
    const write = async () => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, 20))
      running--
    }
    await Promise.all([drafts.run(null, write), drafts.run(null, write)])
    expect(most).toBe(2)
    most = 0
    await Promise.all([drafts.run("slot", write), drafts.run("slot", write)])
    expect(most).toBe(1)
  })
})
