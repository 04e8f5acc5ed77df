import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { appendFile, readdir, readFile, rm, stat, writeFile } from "node:fs/promises"
import { get } from "node:http"
import { join } from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3"
import { afterEach, describe, expect, it } from "vitest"
import {
  aClient,
  aDirectory,
  aSigner,
  aStore,
  aStoreProcess,
  BUCKET,
  KEYS,
  presign,
  type RawRequest,
  send,
  sendSigned,
} from "./testing.ts"

const MIB = 1024 ** 2
const RED = aSigner("red")
const FLUSH_MS = 50

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** A store that logs into a new directory, with the object `o/k` of the text "body". */
async function aLoggingStore({ maxBytes = 64 * MIB } = {}) {
  const place = await aDirectory()
  ends.push(place.remove)
  const directory = join(place.dir, "log")
  const parameters = ["x-claim", "x-other"]
  const accessLog = { directory, parameters, maxBytes, flushMs: FLUSH_MS }
  const store = await aStore({ restrictedKeys: [RED], accessLog })
  ends.push(store.close)
  await put(store.s3, "o/k", "body")
  return { store, directory }
}

const put = (s3: ReturnType<typeof aClient>, Key: string, Body: string | Buffer) =>
  s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body, Tagging: "signer=red" }))

const numbered = async (directory: string) =>
  (await readdir(directory)).filter((name) => /^access-\d{6}\.jsonl$/.test(name)).sort()

/** Every line of the log, in order; fails on an incomplete line. */
async function linesOf(directory: string) {
  const names = await numbered(directory)
  const texts = await Promise.all(names.map((name) => readFile(join(directory, name), "utf8")))
  const text = texts.join("")
  expect(text === "" || text.endsWith("\n")).toBe(true)
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

async function untilLogged(directory: string, count: number) {
  for (let i = 0; i < 400; i++) {
    const lines = await linesOf(directory).catch(() => [])
    if (lines.length >= count) return lines
    await wait(25)
  }
  return linesOf(directory)
}

const TARGET = `/${BUCKET}/o/k`

describe("the access log", () => {
  it("has a line for each finished GET of an object, and no other, without its name", async () => {
    const { store, directory } = await aLoggingStore()
    const ask = (claim: string, raw: Partial<RawRequest> = {}, keys = KEYS) => {
      const target = `${raw.target ?? TARGET}?x-claim=${claim}`
      return send(store.url, presign(store.url, { ...raw, target }, { keys }))
    }
    await ask("whole")
    await ask("range", { headers: { range: "bytes=1-2" } })
    await ask("rest", { headers: { range: "bytes=2-" } }, RED)
    await ask("same", { headers: { "if-none-match": "*" } })
    await ask("beyond", { headers: { range: "bytes=9-" } })
    await ask("absent", { target: `/${BUCKET}/o/absent` })
    await ask("refused", { target: `/${BUCKET}/o/absent` }, RED)
    await ask("outside", { target: `/${BUCKET}/p/k` }, RED)
    await ask("head", { method: "HEAD" })
    await ask("put", { method: "PUT", headers: { "content-length": "4" }, body: "body" })
    await ask("list", { target: `/${BUCKET}` })
    await send(store.url, presign(store.url, { target: `${TARGET}?tagging&x-claim=tags` }))
    await sendSigned(store.url, { target: `${TARGET}?x-claim=%C3%A4%22%0A&x-other=2&x-third=3` })
    await sendSigned(store.url, { target: TARGET })

    const whole = { first: 0, size: 4, bytes: 4, complete: true }
    const lines = await untilLogged(directory, 10)
    expect(lines.map(({ at: _, ...line }) => line)).toEqual(
      [
        { status: 200, parameters: { "x-claim": "whole" }, ...whole },
        { status: 206, parameters: { "x-claim": "range" }, ...whole, first: 1, bytes: 2 },
        { status: 206, parameters: { "x-claim": "rest" }, ...whole, first: 2, bytes: 2 },
        { status: 304, parameters: { "x-claim": "same" }, bytes: 0, complete: true },
        { status: 416, parameters: { "x-claim": "beyond" }, bytes: 0, complete: true },
        { status: 404, parameters: { "x-claim": "absent" }, bytes: 0, complete: true },
        { status: 403, parameters: { "x-claim": "refused" }, bytes: 0, complete: true },
        { status: 403, parameters: { "x-claim": "outside" }, bytes: 0, complete: true },
        { status: 200, parameters: { "x-claim": 'ä"\n', "x-other": "2" }, ...whole },
        { status: 200, parameters: {}, ...whole },
      ].map((line) => ({ method: "GET", ...line })),
    )
    const [first] = lines
    expect(Math.abs(Date.parse(first.at) - Date.now())).toBeLessThan(600_000)
    const text = JSON.stringify(lines)
    for (const secret of ["o/k", "absent/", BUCKET, "127.0.0.1", KEYS.accessKeyId, "Signature"])
      expect(text).not.toContain(secret)
    const [name = ""] = await numbered(directory)
    expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600)
    expect((await stat(directory)).mode & 0o777).toBe(0o700)
    expect(store.errors).toEqual([])
  })

  it("has no request that was not signed: a parameter altered, dropped, added or doubled", async () => {
    const { store, directory } = await aLoggingStore()
    const { target } = presign(store.url, { target: `${TARGET}?x-claim=abc` })
    const bare = presign(store.url, { target: TARGET }).target
    const altered = [
      target.replace("x-claim=abc", "x-claim=abd"),
      target.replace("x-claim=abc", "x-claim=ABC"),
      target.replace("x-claim=abc", "X-Claim=abc"),
      target.replace("x-claim=abc", "x-claim=%61bc"),
      target.replace("x-claim=abc", "x-claim="),
      target.replace("x-claim=abc&", ""),
      target.replace("x-claim=abc", "x-claim=abc&x-claim=abc"),
      target.replace("x-claim=abc", "x-claim=abd&x-claim=abc"),
      `${target}&x-claim=abd`,
      `${target}&x-other=abd`,
      `${bare}&x-claim=abc`,
    ]
    for (const each of altered) {
      const { status, body } = await send(store.url, { target: each })
      expect([each, status, /<Code>(.*)<\/Code>/.exec(body)?.[1]]).toEqual([
        each,
        403,
        "SignatureDoesNotMatch",
      ])
    }
    await send(store.url, { target: `${TARGET}?x-claim=unsigned` })
    expect((await send(store.url, { target })).status).toBe(200)
    const lines = await untilLogged(directory, 1)
    expect(lines.map(({ parameters }) => parameters)).toEqual([{ "x-claim": "abc" }])
  })

  it("tells an answer that was cut off from a complete one, with the bytes that were sent", async () => {
    const SIZE = 24 * MIB // more than the connection buffers
    const { store, directory } = await aLoggingStore()
    await put(store.s3, "o/large", Buffer.alloc(SIZE))
    const url = (claim: string) =>
      store.url + presign(store.url, { target: `/${BUCKET}/o/large?x-claim=${claim}` }).target

    const leave = async (claim: string, after: number) => {
      const [response] = await once(get(url(claim)), "response")
      let received = 0
      for await (const chunk of response) {
        received += chunk.length
        if (received >= after) break // ends the connection
      }
      return received
    }
    const received = await leave("left", 3 * MIB)
    await leave("whole", SIZE)
    const slow = await once(get(url("slow")), "response")
    for await (const _ of slow[0]) await wait(0)

    const lines = await untilLogged(directory, 3)
    const of = (claim: string) => lines.find(({ parameters }) => parameters["x-claim"] === claim)
    expect(of("left")).toMatchObject({ status: 200, size: SIZE, complete: false })
    expect(of("left").bytes).toBeGreaterThanOrEqual(received - MIB)
    expect(of("left").bytes).toBeLessThan(SIZE)
    expect(of("whole")).toMatchObject({ bytes: SIZE, complete: true })
    expect(of("slow")).toMatchObject({ bytes: SIZE, complete: true })
    expect(store.errors).toEqual([])
  })

  it("keeps to its size: the oldest lines are removed, the newest stay, none is missing between", async () => {
    const maxBytes = 64 * 1024
    const { store, directory } = await aLoggingStore({ maxBytes })
    const [READERS, REQUESTS] = [4, 800]
    let last = 0
    const reader = async () => {
      while (last < REQUESTS) {
        last++
        await sendSigned(store.url, { target: `${TARGET}?x-claim=${last}` })
      }
    }
    await Promise.all(Array.from({ length: READERS }, reader))
    await store.restart() // which writes the waiting lines

    const names = await numbered(directory)
    const sizes = await Promise.all(
      names.map(async (name) => (await stat(join(directory, name))).size),
    )
    expect(names).not.toContain("access-000001.jsonl")
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(maxBytes)
    const lines = await linesOf(directory)
    const claims = lines
      .filter(({ parameters }) => parameters)
      .map(({ parameters }) => Number(parameters["x-claim"]))
    expect(new Set(claims).size).toBe(claims.length)
    // Lines that the buffer had no room for while the disk was slow are counted. The readers may
    // overtake each other.
    const lost = lines.reduce((sum, line) => sum + (line.lost ?? 0), 0)
    const missing = REQUESTS - Math.min(...claims) + 1 - claims.length - lost
    expect(Math.abs(missing)).toBeLessThanOrEqual(READERS)
    expect(store.errors).toEqual([])
  })

  it("that cannot be written fails no GET, reports it once, and goes on when it can", async () => {
    const { store, directory } = await aLoggingStore({ maxBytes: 64 * 1024 })
    await writeFile(directory, "a file in its place")
    const ask = (claim: number) => sendSigned(store.url, { target: `${TARGET}?x-claim=${claim}` })
    for (let claim = 1; claim <= 200; claim++) expect((await ask(claim)).status).toBe(200)
    for (let i = 0; i < 400 && store.errors.length === 0; i++) await wait(25)
    await wait(5 * FLUSH_MS) // more attempts
    expect(store.errors).toHaveLength(1)
    expect(String(store.errors[0])).toContain(`The access log in ${directory} cannot be written`)

    await rm(directory)
    const lines = await untilLogged(directory, 2)
    expect((await ask(201)).status).toBe(200)
    const last = await untilLogged(directory, lines.length + 1)
    const lost = last.reduce((sum, line) => sum + (line.lost ?? 0), 0)
    expect(last.filter(({ parameters }) => parameters).length + lost).toBe(201)
    expect(lost).toBeGreaterThan(0)
    expect(last.at(-1).parameters).toEqual({ "x-claim": "201" })
    expect(store.errors).toHaveLength(1)
  })

  it("is created again after it was removed by hand", async () => {
    const { store, directory } = await aLoggingStore()
    await sendSigned(store.url, { target: TARGET })
    await untilLogged(directory, 1)
    await rm(directory, { recursive: true })
    await sendSigned(store.url, { target: `${TARGET}?x-claim=2` })
    const [line] = await untilLogged(directory, 1)
    expect(line.parameters).toEqual({ "x-claim": "2" })
    expect(store.errors).toEqual([])
  })

  it("goes on after half a line that a crash left", async () => {
    const { store, directory } = await aLoggingStore()
    await sendSigned(store.url, { target: `${TARGET}?x-claim=1` })
    await store.restart()
    const [name = ""] = await numbered(directory)
    await appendFile(join(directory, name), '{"at":"2026-')
    await store.restart()
    await sendSigned(store.url, { target: `${TARGET}?x-claim=2` })
    await store.restart()
    const lines = await linesOf(directory)
    expect(lines.map(({ parameters }) => parameters["x-claim"])).toEqual(["1", "2"])
    expect(await numbered(directory)).toHaveLength(1)
  })
})

describe("the access log of a store that is a process", () => {
  const MAIN = new URL("./main.ts", import.meta.url).pathname
  const hasPrlimit = spawnSync("prlimit", ["--version"]).status === 0

  it("is complete after the process was asked to end", async () => {
    const place = await aDirectory()
    ends.push(place.remove)
    const directory = join(place.dir, "log")
    const args = ["--access-log", directory, "--log-parameter", "x-claim", "--log-parameter", "x-b"]
    const running = await aStoreProcess(join(place.dir, "objects"), { args })
    await aClient(running.url).send(new CreateBucketCommand({ Bucket: BUCKET }))
    await put(aClient(running.url), "o/k", "body")
    for (let claim = 0; claim < 50; claim++)
      await sendSigned(running.url, { target: `${TARGET}?x-claim=${claim}&x-b=c` })
    await running.end("SIGTERM")
    const lines = await linesOf(directory)
    expect(lines).toHaveLength(50)
    expect(lines[49].parameters).toEqual({ "x-claim": "49", "x-b": "c" })
  })

  it.skipIf(!hasPrlimit)(
    "loses and doubles no line when a write stops in the middle, also if its file is full then",
    async () => {
      const place = await aDirectory()
      ends.push(place.remove)
      const directory = join(place.dir, "log")
      const command = `exec ${process.execPath} ${MAIN} --dir ${place.dir}/objects --port 0 --access-log ${directory} --log-parameter x-claim --access-log-bytes 65536`
      const env = {
        ...process.env,
        LOCAL_S3_ACCESS_KEY_ID: KEYS.accessKeyId,
        LOCAL_S3_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
      }
      // No file of the process may exceed 4,000 bytes: a write is then cut off, as on a full disk.
      const child = spawn("prlimit", ["--fsize=4000:unlimited", "sh", "-c", command], { env })
      ends.push(() => child.kill("SIGKILL"))
      let said = ""
      child.stderr.on("data", (text) => {
        said += text
      })
      const [printed] = await once(child.stdout, "data")
      const url = /http:\S+/.exec(String(printed))?.[0] ?? ""
      await aClient(url).send(new CreateBucketCommand({ Bucket: BUCKET }))
      await put(aClient(url), "o/k", "body")
      let asked = 0
      const ask = async (count: number) => {
        for (const last = asked + count; asked < last; ) {
          const answer = await sendSigned(url, { target: `${TARGET}?x-claim=${++asked}` })
          expect(answer.status).toBe(200)
        }
      }
      await ask(20) // 2.8 kB
      await untilLogged(directory, 20)
      await ask(12) // 1.7 kB, of which the file takes a part
      for (let i = 0; i < 400 && said === ""; i++) await wait(25)
      await ask(33) // more than the file, an eighth of the log, should take
      await wait(1_500)
      expect(said.trim().split("\n")).toHaveLength(1)
      expect(said).toContain("EFBIG")

      spawnSync("prlimit", ["--pid", String(child.pid), "--fsize=unlimited:unlimited"])
      await ask(1)
      await untilLogged(directory, 66)
      await ask(1) // which begins the next file
      const lines = await untilLogged(directory, 67)
      expect(lines.map(({ parameters }) => Number(parameters["x-claim"]))).toEqual(
        Array.from({ length: 67 }, (_, index) => index + 1),
      )
      expect(await numbered(directory)).toHaveLength(2)
    },
  )
})
