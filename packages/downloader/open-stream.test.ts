import { setTimeout as sleep } from "node:timers/promises"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { openStream, type StreamOptions, type StreamProgress } from "./open-stream.ts"
import { problemOf } from "./problem.ts"
import { aStore, MIB, readAll, type Store } from "./testing.ts"

const SIZE = 40 * MIB + 12_345

describe("a stream of a remote file", { timeout: 120_000 }, () => {
  let store: Store
  beforeEach(async () => {
    store = await aStore(SIZE)
  })
  afterEach(() => store.close())

  const open = (options: Partial<StreamOptions> = {}) =>
    openStream({
      size: SIZE,
      freshUrl: store.freshUrl,
      stallMs: 20_000,
      random: () => 0,
      isOnline: () => true,
      ...options,
    })
  const right = (bytes: Uint8Array) => Buffer.compare(bytes, store.bytes) === 0
  const problemIn = (stream: ReadableStream<Uint8Array>, onBytes?: Parameters<typeof readAll>[1]) =>
    readAll(stream, onBytes).then(
      () => null,
      (error) => problemOf(error) ?? error,
    )

  it("has the bytes in order, from one address, and asks for none twice", async () => {
    expect(right(await readAll(open()))).toBe(true)
    expect(store.minted).toBe(1)
    expect(store.maxAtOnce).toBeGreaterThan(1)
    expect(store.sentBytes()).toBe(SIZE)
  })

  it("has the right bytes over a network that drops, stalls, hangs up and is busy", async () => {
    store.faults.push(
      { drop: 3 * MIB },
      { stall: MIB },
      "hang up",
      { status: 503 },
      { drop: 10 },
      { status: 500 },
      "hang up",
    )
    const seen: StreamProgress[] = []
    const bytes = await readAll(
      open({ stallMs: 500, onProgress: (progress) => seen.push(progress) }),
    )

    expect(right(bytes)).toBe(true)
    expect(seen.at(-1)).toEqual({ receivedBytes: SIZE, waiting: null })
    expect(seen.map(({ receivedBytes }) => receivedBytes)).toEqual(
      seen.map(({ receivedBytes }) => receivedBytes).toSorted((a, b) => a - b),
    )
  })

  it("asks only for what is missing after a connection was cut", async () => {
    store.faults.push({ drop: 5 * MIB })
    expect(right(await readAll(open()))).toBe(true)
    const [first] = store.served
    const again = store.served.find(({ from }) => from > 0 && from < 8 * MIB)
    expect(first).toMatchObject({ from: 0, to: 8 * MIB })
    expect(again?.to).toBe(8 * MIB)
  })

  it("goes on with another address when one lapses", async () => {
    let lapses = 0
    const bytes = await readAll(open({ rangesAtOnce: 1 }), (total) => {
      if (total > (lapses + 1) * 8 * MIB && lapses < 3) {
        lapses += 1
        store.lapse()
      }
    })
    expect(right(bytes)).toBe(true)
    expect(store.minted).toBeGreaterThan(1)
    expect(store.minted).toBeLessThanOrEqual(1 + lapses)
  })

  it("renews an address before it lapses, and not at each request when the clock is wrong", async () => {
    store.expiresAt = () => Date.now() - 3_600_000
    const startedAt = performance.now()
    expect(right(await readAll(open()))).toBe(true)
    // Each address is used for at least five seconds.
    expect(store.minted).toBeLessThanOrEqual(1 + (performance.now() - startedAt) / 5_000)
  })

  it("goes on by itself after an outage of the network", async () => {
    const waits: unknown[] = []
    const stream = open({
      rangesAtOnce: 2,
      onProgress: ({ waiting }) => waits.push(waiting?.code ?? null),
    })
    let reconnect: (() => void) | null = null
    const bytes = await readAll(stream, async (total) => {
      if (reconnect || total < SIZE / 4) return
      reconnect = store.cut()
      setTimeout(reconnect, 2_500)
    })
    expect(right(bytes)).toBe(true)
    expect(waits).toContain("no_answer")
    expect(waits.at(-1)).toBe(null)
    expect(store.minted, "no address is asked for at each attempt").toBeLessThan(8)
  })

  it("waits as long as the app asks it to", async () => {
    store.refusals.push({ status: 429, retryAfterSeconds: 2 })
    const startedAt = performance.now()
    expect(right(await readAll(open()))).toBe(true)
    expect(performance.now() - startedAt).toBeGreaterThan(1_900)
    expect(store.minted).toBe(2)
  })

  it.each([401, 403, 404, 410])(
    "stops when the app answers %i, with its reason",
    async (status) => {
      store.refusals.push({ status, message: "The link was ended." })
      expect(await problemIn(open())).toEqual({
        code: "address_refused",
        message: "The link was ended.",
      })
      expect(store.minted).toBe(1)
      expect(store.served).toEqual([])
    },
  )

  it("never has bytes of an object that replaced another under the same key", async () => {
    const before = store.bytes
    const read: Uint8Array[] = []
    const stream = open({ rangesAtOnce: 2 })
    const failed = await (async () => {
      try {
        for await (const chunk of stream) {
          read.push(chunk)
          if (store.etag === '"one"') {
            store.bytes = new Uint8Array(SIZE)
            store.etag = '"two"'
            store.lapse()
          }
        }
        return null
      } catch (error) {
        return problemOf(error)?.code
      }
    })()
    expect(failed).toBe("replaced")
    const got = Buffer.concat(read)
    expect(got.equals(before.subarray(0, got.length))).toBe(true)
  })

  it("fails when the object is shorter or longer than stated", async () => {
    expect(await problemIn(open({ size: SIZE + 1 }))).toMatchObject({ code: "replaced" })
    expect(await problemIn(open({ size: SIZE - 1 }))).toMatchObject({ code: "replaced" })
  })

  it("goes on when the app has moved the file to another key, with its ETag", async () => {
    const bytes = await readAll(open({ rangesAtOnce: 2 }), (total) => {
      if (total > SIZE / 3) store.key = "/second"
    })
    expect(right(bytes)).toBe(true)
  })

  it("takes a copy with another ETag only where the reader compares the SHA-256", async () => {
    const move = (total: number) => {
      if (total < SIZE / 3) return
      store.key = "/second"
      store.etag = '"copy"'
    }
    expect(right(await readAll(open({ acceptsCopies: true, rangesAtOnce: 2 }), move))).toBe(true)

    Object.assign(store, { key: "/first", etag: '"one"' })
    expect(await problemIn(open({ rangesAtOnce: 2 }), move)).toMatchObject({ code: "replaced" })
  })

  it("fails when more bytes come than were asked for, although no header says so", async () => {
    store.excess = 10
    expect(await problemIn(open())).toMatchObject({ code: "replaced" })
  })

  it("stops asking when the store refuses one fresh address after another", async () => {
    store.faults.push(...Array.from({ length: 60 }, () => ({ status: 403 })))
    let minted = 0
    const stream = open({
      async freshUrl() {
        minted += 1
        return store.freshUrl()
      },
      rangesAtOnce: 1,
      random: () => -0.98,
    })
    expect(await problemIn(stream)).toMatchObject({ code: "store_refused" })
    expect(minted).toBe(8)
  })

  it("fails after some attempts without a byte, but not while the browser is offline", async () => {
    let isOnline = true
    store.faults.push(...Array.from({ length: 60 }, () => ({ status: 503 })))
    const options = { tries: 3, rangesAtOnce: 1, random: () => -0.98, isOnline: () => isOnline }
    expect(await problemIn(open(options))).toMatchObject({ code: "busy" })
    expect(store.served).toHaveLength(3)

    isOnline = false
    store.faults.splice(5)
    expect(right(await readAll(open(options)))).toBe(true)
  })

  it("counts attempts from the last byte, so that a download over a connection that is cut repeatedly goes on", async () => {
    store.faults.push(...Array.from({ length: 6 }, () => ({ drop: MIB })))
    expect(right(await readAll(open({ tries: 2, rangesAtOnce: 1 })))).toBe(true)
    expect(store.faults).toEqual([])
  })

  it("takes nothing while its reader pauses, and does not fail for it", async () => {
    let goOn = () => {}
    const closed = new Promise<void>((resolve) => {
      goOn = resolve
    })
    let isPaused = false
    const stream = open({
      rangesAtOnce: 2,
      stallMs: 800,
      gate: () => (isPaused ? closed : Promise.resolve()),
    })
    let received = 0
    const reading = readAll(stream, (total) => {
      received = total
      if (total > 10 * MIB) isPaused = true
    })
    await expect.poll(() => isPaused, { timeout: 10_000 }).toBe(true)
    await sleep(500)
    const before = received
    await sleep(1_500)
    expect(received).toBe(before)
    isPaused = false
    goOn()
    expect(right(await reading)).toBe(true)
  })

  it("fetches no more than its window while nobody reads, and does not fail for it", async () => {
    const reader = open({ stallMs: 800, rangesAtOnce: 2 }).getReader()
    await reader.read()
    await sleep(2_500)
    expect(store.sentBytes()).toBeLessThan(30 * MIB)
    const chunks: Uint8Array[] = []
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      chunks.push(read.value)
    }
    expect(chunks.length).toBeGreaterThan(0)
  })

  it("ends its requests when it is cancelled", async () => {
    const reader = open().getReader()
    await reader.read()
    await reader.cancel()
    await sleep(300)
    const sent = store.sentBytes()
    await sleep(300)
    expect(store.sentBytes()).toBe(sent)
  })

  it("fails with the reason of its signal", async () => {
    const stop = new AbortController()
    const stream = open({ signal: stop.signal })
    await expect(readAll(stream, () => stop.abort(new Error("stopped")))).rejects.toThrow("stopped")
  })

  it("of a small file takes one request without a range, and one for the rest after a cut", async () => {
    await store.close()
    store = await aStore(3 * MIB)
    const lines: string[] = []
    const onHeaders = (headers: Headers) => lines.push(headers.get("ETag") ?? "")
    expect(right(await readAll(open({ size: 3 * MIB, onHeaders })))).toBe(true)
    expect(store.served).toMatchObject([{ status: 200, from: 0, to: 3 * MIB }])
    expect(lines).toEqual(['"one"'])

    store.faults.push({ drop: 2 * MIB })
    expect(right(await readAll(open({ size: 3 * MIB })))).toBe(true)
    const [, cut, rest] = store.served
    expect([cut?.status, rest?.status, rest?.ifRange]).toEqual([200, 206, '"one"'])
    expect(await problemIn(open({ size: 3 * MIB - 1 }))).toMatchObject({ code: "replaced" })
  })

  it("of an empty file ends at once, without a request", async () => {
    expect(await readAll(open({ size: 0 }))).toHaveLength(0)
    expect(store.minted).toBe(0)
  })
})
