import net from "node:net"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { EICAR, FOUND, hasClamd, startClamd, startFalseClamd } from "#testing/programs/clamd.ts"
import { freePort } from "#testing/programs/daemons.ts"
import { scanBytes } from "./clamd.ts"

const MIB = 1024 ** 2

/** Yields this many MiB, in pieces of one. */
function* zeros(count: number) {
  for (let at = 0; at < count; at++) yield new Uint8Array(MIB)
}

describe.skipIf(!hasClamd)("with Debian's clamd", () => {
  let clamd: Awaited<ReturnType<typeof startClamd>>
  beforeAll(async () => {
    clamd = await startClamd()
  }, 60_000)
  afterAll(() => clamd.stop())

  const scan = (bytes: Iterable<Uint8Array>) => scanBytes(bytes, { address: clamd.address })

  it("calls clean what is clean, and an empty file too", async () => {
    expect(await scan([Buffer.from("a letter")])).toEqual({ result: "clean" })
    expect(await scan([])).toEqual({ result: "clean" })
  })

  it("names what was found, however the bytes are divided", async () => {
    const found = { result: "found", name: FOUND }
    expect(await scan([Buffer.from(EICAR)])).toEqual(found)
    const pieces = [EICAR.slice(0, 9), "", EICAR.slice(9)].map((text) => Buffer.from(text))
    expect(await scan(pieces)).toEqual(found)
  })

  it("says that a stream is longer than clamd takes, but for an answer that is lost", async () => {
    const results = []
    for (let tries = 0; tries < 20; tries++) results.push((await scan(zeros(8))).result)
    expect(results.filter((result) => result === "too_large").length).toBeGreaterThan(10)
    expect(results).not.toContain("clean")
    expect(await scan(zeros(4))).toEqual({ result: "clean" })
  })
})

describe("scanBytes", () => {
  const onceTaken =
    (bytes: number, answer: (socket: net.Socket) => void) => (socket: net.Socket) => {
      let taken = 0
      socket.on("data", (data) => {
        taken += data.length
        if (taken >= bytes) answer(socket)
      })
    }
  const LETTER = Buffer.from("a letter")
  const WHOLE = "zINSTREAM\0".length + 4 + LETTER.length + 4

  async function answered(treat: (socket: net.Socket) => void, bytes: Iterable<Uint8Array>) {
    const server = await startFalseClamd(treat)
    const limits = { silenceMs: 200, totalMs: 1_000 }
    try {
      return await scanBytes(bytes, { address: server.address, ...limits })
    } finally {
      server.stop()
    }
  }

  it.each([
    ["a cut off answer", "stream: OK", "stream: OK"],
    ["an answer to something else", "PONG\0", "PONG"],
    [
      "an error",
      "INSTREAM: Can't allocate memory. ERROR\0",
      "INSTREAM: Can't allocate memory. ERROR",
    ],
    ["no answer", "", "no answer"],
    ["two answers", "stream: OK\0stream: Bad FOUND\0", "stream: OK stream: Bad FOUND"],
    ["an endless answer", "x".repeat(5_000), "x".repeat(200)],
  ])("has no result for %s", async (_what, text, problem) => {
    const scanned = await answered(
      onceTaken(WHOLE, (socket) => socket.end(text)),
      [LETTER],
    )
    expect(scanned).toEqual({ result: "none", problem, isLate: false })
  })

  it("does not take the answer of a server that read a part for a result", async () => {
    const early = onceTaken(100, (socket) => socket.write("stream: OK\0"))
    expect(await answered(early, zeros(40))).toMatchObject({ result: "none" })
  })

  it("ends where nothing listens, where nothing is read, and where no answer comes", async () => {
    const address = { host: "127.0.0.1", port: await freePort() }
    expect(await scanBytes([LETTER], { address })).toMatchObject({
      problem: expect.stringContaining("ECONNREFUSED"),
      isLate: false,
    })
    const silent = { result: "none", problem: "no answer in 0.2 s", isLate: true }
    expect(await answered((socket) => socket.pause(), zeros(40))).toEqual(silent)
    expect(await answered((socket) => socket.resume(), [LETTER])).toEqual(silent)
  })

  it("waits for an answer for longer than clamd scans a file by default", async () => {
    const maxScanMs = 120_000 // MaxScanTime of clamd.conf(5)
    const setTimeout = vi.spyOn(net.Socket.prototype, "setTimeout")
    const server = await startFalseClamd(onceTaken(WHOLE, (socket) => socket.end("stream: OK\0")))
    expect(await scanBytes([LETTER], { address: server.address })).toEqual({ result: "clean" })
    server.stop()
    expect(setTimeout.mock.lastCall?.[0]).toBeGreaterThan(maxScanMs)
  })

  it("ends a scan that takes too long, although something moves", async () => {
    const slow = (socket: net.Socket) => {
      socket.resume()
      const timer = setInterval(() => socket.write(" "), 50)
      socket.on("close", () => clearInterval(timer))
    }
    expect(await answered(slow, [LETTER])).toMatchObject({ result: "none", isLate: true })
  })

  it("ends when it is told to stop", async () => {
    const server = await startFalseClamd((socket) => socket.resume())
    const scanned = await scanBytes([LETTER], {
      address: server.address,
      signal: AbortSignal.timeout(50),
    })
    server.stop()
    expect(scanned).toEqual({ result: "none", problem: "Lapse was stopped", isLate: false })
  })

  it("throws the error of the bytes, and sends no end", async () => {
    let taken = ""
    const server = await startFalseClamd((socket) => {
      socket.on("data", (data) => {
        taken += data
      })
    })
    const broken = (function* () {
      yield LETTER
      throw new Error("the store is away")
    })()
    await expect(scanBytes(broken, { address: server.address })).rejects.toThrow(
      "the store is away",
    )
    server.stop()
    expect(taken.endsWith("\0\0\0\0")).toBe(false)
  })
})
