import { createHash, randomBytes } from "node:crypto"
import { EventEmitter, once } from "node:events"
import { request } from "node:http"
import { connect, createServer, type Socket } from "node:net"
import type { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListPartsCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3"
import { getSignedUrl } from "@aws-sdk/s3-request-presigner"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { aClient, aStore, BUCKET } from "#packages/local-s3/testing.ts"
import { sha256 } from "../transfer/sha256.ts"
import type { Hasher } from "./hashing/hasher.ts"
import { anEnvironment, aRecord, no, ok } from "./testing.ts"
import type { PutAnswer, PutRequest, UploadTransport } from "./transport/upload-transport.ts"
import type { FileRecord, UploadInstructions } from "./upload-protocol.ts"
import { createUploader, type Uploader } from "./uploader.ts"

const MIB = 1024 ** 2
const PART_BYTES = 5 * MIB
const PARTS = 10

/** A fault of the proxy for one request. `late`: it forwards the request after a delay. */
type Fault = "drop" | "stall" | "late" | 500 | 503

const sum = (numbers: Iterable<number>) => Array.from(numbers).reduce((a, b) => a + b, 0)
const range = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

/**
 * A proxy in front of the store that injects faults by part number. Each request has one
 * connection.
 */
async function aFaultyProxy(storePort: number) {
  const faults = new Map<number, Fault[]>()
  /** The number of attempts to send each part, and of those that a fault ended. */
  const attempts = new Map<number, number>()
  const faulted = new Map<number, number>()
  const sockets = new Map<Socket, number | null>()
  /** Emits the numbers of parts that stall. */
  const stalled = new EventEmitter<Record<string, []>>()
  let isCut = false
  const count = (map: Map<number, number>, part: number) => map.set(part, (map.get(part) ?? 0) + 1)

  const server = createServer((client) => {
    sockets.set(client, null)
    client.on("close", () => sockets.delete(client))
    client.on("error", () => {})
    if (isCut) return client.destroy()
    client.once("data", (head: Buffer) => {
      const part = Number(/[?&]partNumber=(\d+)/.exec(head.toString("latin1"))?.[1])
      sockets.set(client, part)
      count(attempts, part)
      const fault = faults.get(part)?.shift()
      if (fault && fault !== "late") count(faulted, part)
      if (fault === "stall") {
        client.pause()
        return stalled.emit(`${part}`)
      }
      if (fault === 500 || fault === 503) {
        client.end(`HTTP/1.1 ${fault} Slow Down\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
        return client.resume()
      }
      client.pause()
      setTimeout(() => forward(client, head, fault), fault === "late" ? 700 : 0)
    })
  })

  function forward(client: Socket, head: Buffer, fault: Fault | undefined) {
    const store = connect(storePort, "127.0.0.1")
    store.on("error", () => client.destroy())
    client.on("close", () => store.destroy())
    store.write(head)
    client.pipe(store).pipe(client)
    if (fault !== "drop") return
    let bytes = 0
    client.on("data", (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > PART_BYTES / 2) client.destroy()
    })
  }

  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (typeof address !== "object" || !address) throw new Error("the proxy has no port")
  return {
    url: `http://127.0.0.1:${address.port}`,
    faults,
    attempts,
    faulted,
    stalled,
    /** Refuses connections for a while, and closes the open ones. */
    async cutFor(ms: number) {
      isCut = true
      for (const [socket, part] of sockets) {
        if (part !== null) count(faulted, part)
        socket.destroy()
      }
      await new Promise((resolve) => setTimeout(resolve, ms))
      isCut = false
    },
    async close() {
      for (const socket of sockets.keys()) socket.destroy()
      server.close()
      await once(server, "close")
    },
  }
}

/**
 * Sends a part over node:http, with progress. The test ends a part that stalls, because a time limit
 * would also end parts that a loaded machine delays.
 */
function putOverHttp(
  { url, headers, body, signal, onProgress }: PutRequest,
  stalled: EventEmitter<Record<string, []>>,
) {
  const part = new URL(url).searchParams.get("partNumber") ?? ""
  return new Promise<PutAnswer>((resolve) => {
    const answer = (result: PutAnswer) => {
      signal.removeEventListener("abort", abort)
      stalled.off(part, stall)
      put.destroy()
      resolve(result)
    }
    const abort = () => answer({ ok: false, status: "aborted" })
    const stall = () => answer({ ok: false, status: "stalled" })
    const put = request(url, {
      method: "PUT",
      agent: false,
      headers: { ...headers, "content-length": body.size },
    })
    put.on("response", ({ statusCode = 0 }) =>
      answer(statusCode === 200 ? { ok: true, value: null } : no(statusCode)),
    )
    put.on("error", () => answer(no(0)))
    signal.addEventListener("abort", abort, { once: true })
    stalled.once(part, stall)
    async function* bytes() {
      let sent = 0
      for await (const chunk of body.stream()) {
        yield chunk
        sent += chunk.length
        onProgress(sent)
      }
    }
    pipeline(bytes, put).catch(() => {})
  })
}

/** A minimal app: it signs parts and completes the upload in the store. */
function anApp(
  s3: ReturnType<typeof aClient>,
  proxy: Pick<Awaited<ReturnType<typeof aFaultyProxy>>, "url" | "stalled">,
) {
  const browser = aClient(proxy.url)
  const files = new Map<string, { view: FileRecord; uploadId: string }>()
  const objectOf = (fileId: string) => {
    const { uploadId = "" } = files.get(fileId) ?? {}
    return { Bucket: BUCKET, Key: `o/${fileId}`, UploadId: uploadId }
  }
  const partsOf = async (fileId: string) => {
    const { Parts = [] } = await s3.send(new ListPartsCommand(objectOf(fileId)))
    return Parts
  }
  const instructions = (): UploadInstructions => ({
    method: "multipart",
    partSize: PART_BYTES,
    partCount: PARTS,
    checksums: true,
  })
  const transport: UploadTransport = {
    async start(wanted) {
      const started = wanted.map(async ({ source: { name, body }, digests: { fingerprint } }) => {
        const id = `${files.size + 1}`
        const object = { Bucket: BUCKET, Key: `o/${id}`, ChecksumAlgorithm: "SHA256" } as const
        const { UploadId = "" } = await s3.send(new CreateMultipartUploadCommand(object))
        const view = aRecord(id, { name, size: body.size, fingerprint })
        files.set(id, { view, uploadId: UploadId })
        return ok({ file: view, upload: instructions() })
      })
      return ok(await Promise.all(started))
    },
    renew: async () => ok(instructions()),
    async signParts(fileId, parts) {
      const signed = parts.map(async ({ partNumber, sha256 }) => {
        const digest = Buffer.from(sha256 ?? "", "hex").toString("base64")
        const command = new UploadPartCommand({
          ...objectOf(fileId),
          PartNumber: partNumber,
          ChecksumSHA256: digest,
        })
        const url = await getSignedUrl(browser, command, {
          unhoistableHeaders: new Set(["x-amz-checksum-sha256"]),
        })
        return { partNumber, url, headers: { "x-amz-checksum-sha256": digest } }
      })
      return ok(await Promise.all(signed))
    },
    async listParts(fileId) {
      const parts = await partsOf(fileId)
      return ok(
        parts.map(({ PartNumber = 0, Size = 0 }) => ({ partNumber: PartNumber, size: Size })),
      )
    },
    listUnfinished: async () => ok(Array.from(files.values(), ({ view }) => view)),
    put: (wanted) => putOverHttp(wanted, proxy.stalled),
    async finish(fileId) {
      const parts = await partsOf(fileId)
      if (parts.length < PARTS) return no(409)
      const MultipartUpload = {
        Parts: parts.map(({ PartNumber, ETag, ChecksumSHA256 }) => ({
          PartNumber,
          ETag,
          ChecksumSHA256,
        })),
      }
      await s3.send(new CompleteMultipartUploadCommand({ ...objectOf(fileId), MultipartUpload }))
      return ok(aRecord(fileId, { status: "ready" }))
    },
    heartbeat: () => {},
    abandon: () => {},
    isReadable: async () => true,
    isOnline: () => true,
    onOnline: () => {},
  }
  return { transport, files, close: () => browser.destroy() }
}

const hasher: Hasher = { part: (body) => sha256(body), whole: (body) => sha256(body) }

describe("an upload over a faulty network", () => {
  let store: Awaited<ReturnType<typeof aStore>>
  let proxy: Awaited<ReturnType<typeof aFaultyProxy>>
  let app: ReturnType<typeof anApp>
  const bytes = randomBytes(PARTS * PART_BYTES - 12_345)
  const film = { name: "film.mov", path: "", contentType: "video/mp4", body: new Blob([bytes]) }

  beforeEach(async () => {
    store = await aStore()
    proxy = await aFaultyProxy(Number(new URL(store.url).port))
    app = anApp(store.s3, proxy)
  })
  afterEach(async () => {
    app.close()
    await proxy.close()
    await store.close()
  })

  const anUploader = () => {
    const { handles, locks } = anEnvironment().options
    return createUploader({ transport: app.transport, hasher, handles, locks, random: () => 0 })
  }

  const until = (uploader: Uploader, is: (upload: ReturnType<typeof the>) => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!is(the(uploader))) return
        stop()
        resolve()
      }
      const stop = uploader.subscribe(look)
      look()
    })
  const the = (uploader: Uploader) => {
    const [upload] = uploader.snapshot().uploads
    if (!upload) throw new Error("there is no upload")
    return upload
  }

  async function inStore(key: string) {
    const { Body } = await store.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }))
    const hash = createHash("sha256")
    for await (const chunk of Body as Readable) hash.update(chunk)
    return hash.digest("hex")
  }
  const whole = createHash("sha256").update(bytes).digest("hex")

  it("stores identical bytes, and sends only the parts again that a fault hit", async () => {
    proxy.faults.set(2, ["drop"])
    proxy.faults.set(3, ["stall", 503])
    proxy.faults.set(5, [500, "drop", 503])
    proxy.faults.set(6, ["late"])
    proxy.faults.set(PARTS, ["drop", "late"])
    const uploader = anUploader()
    const seen: number[] = []
    uploader.subscribe(() => seen.push(the(uploader).sentBytes))

    uploader.add([film])
    await until(uploader, ({ sentBytes }) => sentBytes > bytes.length / 2)
    await proxy.cutFor(700)
    await until(uploader, ({ state }) => state === "stored" || state === "failed")

    expect(the(uploader)).toMatchObject({ state: "stored", sentBytes: bytes.length })
    expect(await inStore("o/1")).toBe(whole)
    expect(Math.max(...seen)).toBeLessThanOrEqual(bytes.length)
    const again = range(PARTS).filter((part) => Number(proxy.attempts.get(part)) > 1)
    expect(again).toEqual(expect.arrayContaining([2, 3, 5, PARTS]))
    // Besides those, at most the four parts in flight when the connections were cut.
    expect(again.length).toBeLessThanOrEqual(4 + 4)
    for (const part of range(PARTS)) {
      const allowed = 1 + (proxy.faulted.get(part) ?? 0)
      expect(proxy.attempts.get(part)).toBeLessThanOrEqual(allowed)
    }
    expect(store.errors).toEqual([])
  })

  it("continues after the page was left during an upload, from the parts that the store has", async () => {
    const first = anUploader()
    first.add([film])
    // Four parts are in flight at most, so at least one is stored.
    await until(first, ({ sentBytes }) => sentBytes > 4 * PART_BYTES)
    first.reset()
    const before = sum(proxy.attempts.values())

    const second = anUploader()
    await second.loadUnfinished()
    const [unfinished] = second.snapshot().unfinished
    expect(unfinished?.storedBytes).toBeGreaterThan(0)
    second.add([{ ...film, body: new Blob([bytes]) }])
    await until(second, ({ state }) => state === "stored" || state === "failed")

    expect(the(second)).toMatchObject({ state: "stored", fileId: "1" })
    expect(await inStore("o/1")).toBe(whole)
    expect(app.files.size).toBe(1)
    // At most the four parts in flight are sent twice.
    expect(before).toBeLessThan(PARTS)
    expect(sum(proxy.attempts.values())).toBeLessThanOrEqual(PARTS + 4)
  })
})
