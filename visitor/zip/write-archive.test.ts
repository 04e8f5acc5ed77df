import { createHash, randomBytes } from "node:crypto"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { hurry } from "#testing/hurry.ts"
import { MIB } from "#testing/units.ts"
import { createGate } from "./gate.ts"
import { writeArchive } from "./write-archive.ts"
import { failureOf } from "./zip-failure.ts"
import type { ArchiveFile } from "./zip-job.ts"

const isHeavy = Boolean(process.env.HEAVY)
const words = {
  head: ["head"],
  missing: "Missing:",
  check: "check",
  verified: "Verified:",
  stated: "Stated:",
  differing: "Differing:",
  uncompared: "Uncompared:",
}
const sha256Of = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex")

type Object = {
  bytes: Buffer
  /** Sent instead of the bytes, once or always. */
  short?: number
  long?: boolean
  status?: number
  /** The ETag of answers after the first. */
  etag?: string
  cutAt?: number
}

const objects = new Map<string, Object>()
let server: Server
let origin = ""
let refused = new Set<string>()

beforeAll(async () => {
  server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://store")
    const object = objects.get(url.pathname.slice(1))
    if (!object || object.status || refused.has(url.search)) {
      return void response.writeHead(object?.status ?? 403).end()
    }
    const { bytes, short = bytes.length, long, cutAt } = object
    const asked = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? "")
    const [from, to] = [Number(asked?.[1] ?? 0), Number(asked?.[2] ?? bytes.length) + 1]
    const etag = from > 0 && object.etag ? object.etag : '"one"'
    const body = Buffer.concat([
      bytes.subarray(from, Math.min(to, short)),
      long ? randomBytes(10) : Buffer.of(),
    ])
    response.writeHead(request.headers.range ? 206 : 200, {
      ETag: etag,
      "Last-Modified": "Wed, 25 Nov 2026 20:10:31 GMT",
      ...(asked && { "Content-Range": `bytes ${from}-${to - 1}/${bytes.length}` }),
    })
    if (cutAt !== undefined && from === 0) {
      response.write(body.subarray(0, cutAt), () => response.destroy())
      return
    }
    setTimeout(() => response.end(body), 5)
  })
  server.listen(0, "127.0.0.1")
  await new Promise((resolve) => server.once("listening", resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})
beforeEach(() => {
  objects.clear()
  refused = new Set()
})

const add = (name: string, size: number, how: Partial<Object> & Partial<ArchiveFile> = {}) => {
  const bytes = how.bytes ?? randomBytes(size)
  const { sha256 = sha256Of(bytes), sha256Verified = true, path = "", ...object } = how
  objects.set(name, { ...object, bytes })
  return { id: name, name, path, size: bytes.length, sha256, sha256Verified }
}

/** Writes the archive of these files; `onChunk` may slow the reader down. */
async function write(
  files: ArchiveFile[],
  onChunk: (ahead: number, total: number) => void | Promise<void> = () => {},
) {
  const stop = new AbortController()
  let minted = 0
  let arrived = 0
  let missing: readonly string[] = []
  const archive = writeArchive({
    files,
    folder: "",
    words,
    reading: {
      urls: {
        addressOf: async (id) => ({ url: `${origin}/${encodeURIComponent(id)}?${++minted}` }),
        drop() {},
      },
      signal: stop.signal,
      gate: createGate(),
      onBytes(count) {
        arrived += count
      },
    },
    onFile(now) {
      missing = now
    },
  })
  const chunks: Buffer[] = []
  let total = 0
  try {
    for await (const chunk of archive) {
      chunks.push(Buffer.from(chunk))
      total += chunk.length
      await onChunk(arrived - total, total)
    }
  } finally {
    stop.abort() // as the page does: no file is retried afterwards
  }
  return { entries: entriesOf(Buffer.concat(chunks)), missing, arrived, total }
}

/** Counts the requests whose answers are not read completely, until the test ends. */
function countRequests() {
  const requests = { open: 0, most: 0 }
  const real = globalThis.fetch
  const end = () => {
    requests.open -= 1
  }
  // `cancel` also ends a request that failed or was given up. TypeScript does not know it yet.
  const transformer = { flush: end, cancel: end }
  vi.spyOn(globalThis, "fetch").mockImplementation(async (...asked) => {
    requests.open += 1
    requests.most = Math.max(requests.most, requests.open)
    const answer = await real(...asked).catch((error: unknown) => {
      end()
      throw error
    })
    const body = answer.body?.pipeThrough(new TransformStream(transformer))
    return new Response(body, answer)
  })
  return requests
}

/** The entries in the central directory of an archive without ZIP64. */
function entriesOf(zip: Buffer) {
  const entries = new Map<string, Buffer>()
  const end = zip.length - 22
  let at = zip.readUInt32LE(end + 16)
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [size, nameLength] = [zip.readUInt32LE(at + 24), zip.readUInt16LE(at + 28)]
    const extraLength = zip.readUInt16LE(at + 30)
    const local = zip.readUInt32LE(at + 42)
    const name = zip.toString("utf8", at + 46, at + 46 + nameLength)
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    entries.set(name, zip.subarray(start, start + size))
    at += 46 + nameLength + extraLength
  }
  return entries
}

describe("an archive", () => {
  it("has the bytes of small and of large files, in order, and LAPSE.txt last", async () => {
    const files = [add("a", 10), add("large", 9 * MIB), add("empty", 0), add("b", 2 * MIB)]
    const { entries, missing, arrived } = await write(files)
    expect([...entries.keys()]).toEqual(["a", "large", "empty", "b", "LAPSE.txt"])
    for (const { id } of files)
      expect(entries.get(id)?.equals(objects.get(id)?.bytes ?? Buffer.of(1))).toBe(true)
    expect(missing).toEqual([])
    expect(arrived).toBe(11 * MIB + 10)
    expect(entries.get("LAPSE.txt")?.toString()).toContain(`${files[1]?.sha256}  large\n`)
  })

  it("continues after a lost connection, in small and in large files", async () => {
    const files = [
      add("small", 3 * MIB, { cutAt: MIB }),
      add("large", 10 * MIB, { cutAt: 4 * MIB }),
    ]
    const { entries, missing } = await write(files)
    expect(missing).toEqual([])
    for (const { id } of files)
      expect(entries.get(id)?.equals(objects.get(id)?.bytes ?? Buffer.of(1))).toBe(true)
  })

  it.each([
    ["is longer than announced", { long: true }],
    ["has other bytes than the store compared", { sha256: "ab".repeat(32) }],
    ["was replaced in the middle and has no checksum", { cutAt: MIB, etag: '"two"', sha256: null }],
  ])("does not have a file that %s, and says so", async (_, how) => {
    const files = [
      add("ok", 10),
      add("small", 2 * MIB, how),
      add("large", 9 * MIB, how),
      add("z", 9),
    ]
    const { entries, missing } = await write(files)
    expect(missing).toEqual(["small", "large"])
    expect([...entries.keys()]).toEqual(["ok", "z", "LAPSE.txt"])
    expect(entries.get("LAPSE.txt")?.toString()).toContain("Missing:\n\n- small\n- large\n")
  })

  it("does not contain a file that is shorter than announced, however it ends", async () => {
    hurry(20)
    const how = { short: MIB }
    const files = [add("ok", 10), add("small", 2 * MIB, how), add("large", 9 * MIB, how)]
    const { entries, missing } = await write(files)
    expect(missing).toEqual(["small", "large"])
    expect([...entries.keys()]).toEqual(["ok", "LAPSE.txt"])
  })

  it("contains a file that differs from the checksum of the sender's browser, and says so", async () => {
    const { entries, missing } = await write([
      add("a", 10, { sha256: "ab".repeat(32), sha256Verified: false }),
    ])
    expect(missing).toEqual([])
    expect(entries.get("LAPSE.txt")?.toString()).toContain(
      `Differing:\n\n${sha256Of(objects.get("a")?.bytes ?? Buffer.of())}  a\n`,
    )
  })

  it("fails when one file after another cannot be fetched", async () => {
    hurry(20)
    const files = Array.from({ length: 30 }, (_, at) => add(`${at}`, 10, { status: 503 }))
    const error = await write(files).catch((error: unknown) => error)
    expect(failureOf(error)).toEqual({ why: "unreachable" })
  })

  it("fetches a large file by several ranges at once, with six connections and bounded memory in total", async () => {
    const files = [
      add("large", (isHeavy ? 50 : 36) * MIB),
      add("small", MIB),
      add("larger", (isHeavy ? 60 : 44) * MIB),
      ...Array.from({ length: 8 }, (_, at) => add(`${at}`, 3 * MIB)),
    ]
    const requests = countRequests()
    let [most, rangesOfLarge] = [0, 0]
    const { entries, missing } = await write(files, async (ahead, total) => {
      if (total < 40 * MIB) await sleep(10)
      if (total > 0 && total < 10 * MIB) rangesOfLarge = Math.max(rangesOfLarge, requests.open)
      most = Math.max(most, ahead)
    })
    expect(missing).toEqual([])
    for (const { id } of files)
      expect(entries.get(id)?.equals(objects.get(id)?.bytes ?? Buffer.of(1)), id).toBe(true)
    expect(rangesOfLarge).toBeGreaterThan(1)
    expect(requests.most).toBeLessThanOrEqual(6)
    expect(requests.open).toBe(0)
    expect(most).toBeLessThanOrEqual(56 * MIB)
  })

  it("fetches six files at once, and no further ahead of a slow reader than fits into memory", async () => {
    const files = Array.from({ length: isHeavy ? 60 : 45 }, (_, at) => add(`${at}`, 2 * MIB))
    const requests = countRequests()
    let most = 0
    await write(files, async (ahead, total) => {
      if (total < 20 * MIB) await sleep(20)
      most = Math.max(most, ahead)
    })
    expect(requests.most).toBeLessThanOrEqual(6)
    expect(requests.most).toBeGreaterThan(1)
    expect(requests.open).toBe(0)
    expect(most).toBeLessThanOrEqual(56 * MIB)
    expect(most).toBeGreaterThan(8 * MIB)
  })
})
