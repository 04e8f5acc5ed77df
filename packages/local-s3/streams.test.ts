import { once } from "node:events"
import { readdir, readFile, readlink } from "node:fs/promises"
import { Agent, get, request } from "node:http"
import { join } from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3"
import { getSignedUrl } from "@aws-sdk/s3-request-presigner"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { aClient, aDirectory, aStore, aStoreProcess, BUCKET } from "./testing.ts"

const MIB = 1024 ** 2

let store: Awaited<ReturnType<typeof aStore>>
beforeAll(async () => {
  store = await aStore()
})
afterAll(async () => {
  expect(store.errors).toEqual([])
  await store.close()
})

const putUrl = (Key: string, ContentLength: number, s3 = store.s3) =>
  getSignedUrl(s3, new PutObjectCommand({ Bucket: BUCKET, Key, ContentLength }))
const getUrl = (Key: string, s3 = store.s3) =>
  getSignedUrl(s3, new GetObjectCommand({ Bucket: BUCKET, Key }))
const missing = (Key: string) =>
  expect(store.s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key }))).rejects.toMatchObject({
    name: "NotFound",
  })

async function eventually(check: () => Promise<void>) {
  for (let i = 0; i < 100; i++) {
    try {
      return await check()
    } catch {
      await wait(20)
    }
  }
  return check()
}

const temporaries = () => readdir(join(store.dir, "tmp"))

describe("an upload", () => {
  it("that breaks off leaves nothing, neither object nor temporary", async () => {
    const message = request(await putUrl("broken", 10 * MIB), {
      method: "PUT",
      headers: { "content-length": 10 * MIB },
    })
    message.on("error", () => {})
    message.write(Buffer.alloc(3 * MIB))
    await eventually(async () => expect(await temporaries()).toHaveLength(1))
    message.destroy()
    await eventually(async () => expect(await temporaries()).toEqual([]))
    await missing("broken")
  })

  it("gets 100 Continue only when its signature is right", async () => {
    const attempt = async (url: string) => {
      const headers = { "content-length": 5, expect: "100-continue" }
      const message = request(url, { method: "PUT", headers })
      let continued = false
      message.on("continue", () => {
        continued = true
        message.end("hello")
      })
      message.flushHeaders()
      const [response] = await once(message, "response")
      response.resume()
      message.destroy()
      return [response.statusCode, continued]
    }
    const url = await putUrl("expected", 5)
    expect(await attempt(url)).toEqual([200, true])
    expect(await attempt(url.replace(/Signature=./, "Signature=x"))).toEqual([403, false])
    await store.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "expected" }))
  })

  it("that is refused while it is being sent gets the answer, not a reset", async () => {
    const url = (await putUrl("refused", 12 * MIB)).replace(/Signature=./, "Signature=x")
    for (let i = 0; i < 5; i++) {
      const answer = await fetch(url, { method: "PUT", body: Buffer.alloc(12 * MIB) })
      expect(answer.status).toBe(403)
      expect(await answer.text()).toContain("SignatureDoesNotMatch")
    }
    await missing("refused")
  })

  it("in flight is finished and kept when the store closes", async () => {
    const place = await aDirectory()
    const child = await aStoreProcess(place.dir)
    const s3 = aClient(child.url)
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
    const message = request(await putUrl("late", 2 * MIB, s3), {
      method: "PUT",
      headers: { "content-length": 2 * MIB },
    })
    message.write(Buffer.alloc(MIB))
    await wait(200)
    child.child.kill("SIGTERM")
    await wait(200)
    message.end(Buffer.alloc(MIB))
    const [response] = await once(message, "response")
    expect(response.statusCode).toBe(200)
    response.resume()
    await child.exited

    const again = await aStoreProcess(place.dir)
    const head = new HeadObjectCommand({ Bucket: BUCKET, Key: "late" })
    expect((await aClient(again.url).send(head)).ContentLength).toBe(2 * MIB)
    await again.end("SIGTERM")
    await place.remove()
  })
})

describe("a download", () => {
  it("that has begun goes on when its object is deleted, and then the bytes are removed", async () => {
    const size = 30 * MIB
    const body = Buffer.alloc(size, "z")
    await store.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: "deleted", Body: body }))
    const message = get(await getUrl("deleted"))
    const [response] = await once(message, "response")
    response.pause()
    await store.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "deleted" }))
    await missing("deleted")
    let received = 0
    for await (const chunk of response) received += chunk.length
    expect(received).toBe(size)
    await eventually(async () => expect(await blobNames(store.dir)).toEqual([]))
  })

  it("that is aborted leaves no file open", async () => {
    const body = Buffer.alloc(30 * MIB)
    await store.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: "left", Body: body }))
    const before = await openFiles()
    for (let i = 0; i < 20; i++) {
      const message = get(await getUrl("left"))
      const [response] = await once(message, "response")
      response.destroy()
    }
    await eventually(async () => expect(await openFiles()).toBeLessThanOrEqual(before))
  })
})

it("an idle connection still works after its announced keep-alive time", async () => {
  const brief = await aStore({ keepAliveMs: 1_000 })
  const agent = new Agent({ keepAlive: true, maxSockets: 1, timeout: 0 })
  // The agent ignores the time limit, like a client that was busy past it.
  agent.keepSocketAlive = () => true
  const ask = async () => {
    const message = get(brief.url, { agent })
    const [response] = await once(message, "response")
    await once(response.resume(), "end")
    return { reused: message.reusedSocket, announced: response.headers["keep-alive"] }
  }

  expect(await ask()).toEqual({ reused: false, announced: "timeout=1" })
  await wait(2_500)
  expect(await ask()).toMatchObject({ reused: true })

  agent.destroy()
  await brief.close()
})

describe.runIf(process.platform === "linux")("memory stays flat", () => {
  const sizes = process.env.HEAVY === "1" ? [300, 5 * 1024] : [300]
  it.each(sizes)(
    "while an object of %i MiB comes and goes",
    async (mib) => {
      const place = await aDirectory()
      const child = await aStoreProcess(place.dir)
      const s3 = aClient(child.url)
      await s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
      const chunk = Buffer.alloc(MIB, "m")
      const message = request(await putUrl("large", mib * MIB, s3), {
        method: "PUT",
        headers: { "content-length": mib * MIB },
      })
      for (let i = 0; i < mib; i++) if (!message.write(chunk)) await once(message, "drain")
      message.end()
      const [stored] = await once(message, "response")
      expect(stored.statusCode).toBe(200)
      stored.resume()

      const [response] = await once(get(await getUrl("large", s3)), "response")
      let received = 0
      for await (const piece of response) received += piece.length
      expect(received).toBe(mib * MIB)

      const status = await readFile(`/proc/${child.child.pid}/status`, "utf8")
      const peakKib = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1])
      expect(peakKib / 1024).toBeLessThan(280)
      await child.end("SIGTERM")
      await place.remove()
    },
    900_000,
  )
})

async function blobNames(dir: string) {
  const shards = await readdir(join(dir, "blobs"))
  const names = await Promise.all(shards.map((shard) => readdir(join(dir, "blobs", shard))))
  return names.flat()
}

async function openFiles() {
  const names = await readdir("/proc/self/fd")
  const targets = await Promise.all(
    names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => "")),
  )
  return targets.filter((target) => target.startsWith(join(store.dir, "blobs"))).length
}
