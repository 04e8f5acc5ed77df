import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { createDownload, type Download, type DownloadSnapshot } from "./download.ts"
import { openSink } from "./saving/sink.ts"
import { aDisk, aStore, locksOfTabs, MIB, type Store, savedInMemory, sha256Of } from "./testing.ts"

const SIZE = 24 * MIB + 777
/** The end of a range: of one that stalls in its middle, a part of a block stays unwritten. */
const HALF = 16 * MIB

describe("a download into a file", { timeout: 120_000 }, () => {
  let store: Store
  let disk: ReturnType<typeof aDisk>
  let saved: ReturnType<typeof savedInMemory>
  let locks: ReturnType<typeof locksOfTabs>
  beforeEach(async () => {
    store = await aStore(SIZE)
    disk = aDisk()
    saved = savedInMemory()
    locks = locksOfTabs()
  })
  afterEach(async () => {
    await store.close()
    vi.unstubAllGlobals()
  })

  /** Starts a download, in a new tab or in the same one after a reload. */
  async function aDownload(sha256: string | null = sha256Of(store.bytes)): Promise<Download> {
    // The disk simulates the browser's private storage.
    vi.stubGlobal("navigator", { storage: disk.storage })
    return createDownload({
      saved,
      locks,
      target: { name: "film" },
      file: { key: "token/1", name: "film.mov", size: SIZE, sha256 },
      earlier: await saved.find("token/1"),
      freshUrl: store.freshUrl,
      openSink: (open) => openSink(disk.createWorker, open),
      stallMs: 120_000,
      rangesAtOnce: 2,
      random: () => 0,
      isOnline: () => true,
    })
  }
  /** Starts a download whose line stalls after the first ranges, and waits until those are written. */
  async function startHalf(download: Download) {
    store.heldFrom = HALF
    void download.start()
    await until(download, ({ writtenBytes }) => writtenBytes === HALF)
    // The next two ranges are requested, and held.
    await vi.waitUntil(() => store.served.length === 4, { timeout: 60_000 })
    store.heldFrom = Number.POSITIVE_INFINITY
  }
  const writtenBytes = () => disk.writes.reduce((sum, { length }) => sum + length, 0)
  const isRight = () => Buffer.compare(disk.bytes(), store.bytes) === 0
  const until = (download: Download, is: (snapshot: DownloadSnapshot) => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!is(download.snapshot())) return
        unsubscribe()
        resolve()
      }
      const unsubscribe = download.subscribe(look)
      look()
    })

  it("is complete, compared with its SHA-256, and kept for the page to save", async () => {
    const download = await aDownload()
    await download.start()
    expect(download.snapshot()).toMatchObject({
      state: "done",
      writtenBytes: SIZE,
      sha256: sha256Of(store.bytes),
    })
    expect(isRight()).toBe(true)
    expect(saved.records.get("token/1")).toMatchObject({ isComplete: true })
    expect(store.sentBytes()).toBe(SIZE)
    expect(disk.freed, "each buffer comes back").toBe(disk.writes.length)
  })

  it("is complete over a faulty network, and writes each byte once", async () => {
    store.faults.push({ drop: 3 * MIB }, "hang up", { status: 503 }, { drop: 10 })
    const download = await aDownload()
    await download.start()
    expect(download.snapshot().state).toBe("done")
    expect(isRight()).toBe(true)
    expect(writtenBytes()).toBe(SIZE)
  })

  it("goes on after a pause without asking again for what it has", async () => {
    const download = await aDownload()
    await startHalf(download)
    await download.pause()
    expect(download.snapshot()).toMatchObject({ state: "paused", writtenBytes: HALF })

    await download.start()
    expect(download.snapshot().state).toBe("done")
    expect(isRight()).toBe(true)
    expect(writtenBytes(), "no byte is written twice").toBe(SIZE)
  })

  it("goes on after a reload or a crash from what it showed, and fetches the rest alone", async () => {
    const first = await aDownload()
    await startHalf(first)
    const after = { disk: disk.crashed(), saved: saved.copy(), locks: locksOfTabs() }
    await first.pause()
    ;({ disk, saved, locks } = after)

    const second = await aDownload()
    expect(second.snapshot()).toMatchObject({ state: "paused", writtenBytes: HALF })
    const before = store.served.length
    await second.start()
    expect(second.snapshot().state).toBe("done")
    expect(isRight()).toBe(true)
    const fetched = store.served.slice(before).map(({ from, to }) => to - from)
    expect(fetched.reduce((sum, bytes) => sum + bytes, 0)).toBe(SIZE - HALF)
    expect(writtenBytes(), "no byte is written twice").toBe(SIZE - HALF)
  })

  it("is paused with all that has arrived, and a reload keeps that", async () => {
    const first = await aDownload()
    void first.start()
    await until(first, ({ writtenBytes }) => writtenBytes > 0)
    await first.pause()
    expect(first.snapshot().writtenBytes).toBe(writtenBytes())
    expect((await aDownload()).snapshot().writtenBytes).toBe(writtenBytes())
  })

  it("starts over when the file on the disk is gone", async () => {
    const first = await aDownload()
    await startHalf(first)
    await first.pause()
    disk = aDisk()

    const second = await aDownload()
    await second.start()
    expect(second.snapshot().state).toBe("done")
    expect(isRight()).toBe(true)
  })

  it("starts over when bytes on the disk were changed meanwhile", async () => {
    const first = await aDownload()
    await startHalf(first)
    await first.pause()
    disk.damage(12_345)

    const second = await aDownload()
    await second.start()
    expect(second.snapshot().state).toBe("done")
    expect(isRight()).toBe(true)
  })

  it("never mixes bytes of an object and of another that replaced it", async () => {
    const download = await aDownload(null)
    await startHalf(download)
    store.bytes = new Uint8Array(SIZE).fill(7)
    store.etag = '"two"'
    store.lapse()
    store.cut()()
    await until(download, ({ state }) => state === "done" || state === "failed")
    expect(download.snapshot().state).toBe("done")
    expect(isRight()).toBe(true)
  })

  it("goes on from a copy with another ETag, since the SHA-256 shows that it is the file", async () => {
    const download = await aDownload()
    await startHalf(download)
    Object.assign(store, { key: "/second", etag: '"copy"' })
    store.cut()()
    await until(download, ({ state }) => state === "done" || state === "failed")
    expect(download.snapshot().state).toBe("done")
    expect(isRight()).toBe(true)
    expect(store.sentBytes()).toBeLessThan(SIZE * 1.6)
  })

  it("fails after it started over once with bytes of another SHA-256, and keeps none of them", async () => {
    const download = await aDownload("0".repeat(64))
    await download.start()
    expect(download.snapshot()).toMatchObject({
      state: "failed",
      problem: { code: "wrong_digest" },
      writtenBytes: 0,
    })
    expect(store.sentBytes()).toBe(2 * SIZE)
  })

  it("says that the disk is full, and goes on once there is room", async () => {
    disk.room = 10 * MIB
    const download = await aDownload()
    await download.start()
    expect(download.snapshot()).toMatchObject({ state: "failed", problem: { code: "no_room" } })
    disk.room = Number.POSITIVE_INFINITY
    await download.start()
    expect(download.snapshot().state).toBe("done")
    expect(isRight()).toBe(true)
  })

  it("says why the app gives no further address", async () => {
    store.refusals.push({ status: 410, message: "The link was ended." })
    const download = await aDownload()
    await download.start()
    expect(download.snapshot()).toMatchObject({
      state: "failed",
      problem: { code: "address_refused", message: "The link was ended." },
    })
  })

  it("runs in one tab at a time", async () => {
    const [one, other] = [await aDownload(), await aDownload()]
    await Promise.all([one.start(), other.start()])
    const states = [one.snapshot().state, other.snapshot().state]
    expect(states.toSorted()).toEqual(["done", "elsewhere"])
    expect(writtenBytes()).toBe(SIZE)
  })

  it("leaves nothing when it is cancelled", async () => {
    const download = await aDownload()
    void download.start()
    await until(download, ({ writtenBytes }) => writtenBytes > 0)
    await download.cancel()
    expect(download.snapshot().state).toBe("removed")
    expect(saved.records.size).toBe(0)
    expect(await locks.held()).toEqual(new Set())
  })
})
