import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { aFile, aWorld, no, settle, stored } from "./testing.ts"
import type { PutAnswer } from "./upload-transport.ts"
import { createUploader } from "./uploader.ts"

describe("the uploader", () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const begin = (world: ReturnType<typeof aWorld>, options = {}) =>
    createUploader({ ...world.outside, random: () => 1, ...options })
  const states = (uploader: ReturnType<typeof begin>) =>
    uploader.snapshot().uploads.map(({ state }) => state)

  it("brings a file to the store and has the app ask the store", async () => {
    const world = aWorld()
    const uploader = begin(world)

    uploader.add([aFile()])
    await settle()
    expect(states(uploader)).toEqual(["sending"])
    await world.answer(stored)

    expect(world.finish).toHaveBeenCalledWith("a.txt", "hash of four")
    expect(states(uploader)).toEqual(["stored"])
    expect(uploader.snapshot().uploads[0]).toMatchObject({
      sentBytes: 4,
      file: { status: "ready" },
    })
  })

  it("never has more files on their way than it may", async () => {
    const world = aWorld()
    const uploader = begin(world, { concurrency: 2 })

    uploader.add(Array.from({ length: 5 }, (_, index) => aFile(`${index}`)))
    await settle()
    expect(world.waiting).toHaveLength(2)
    for (let answered = 0; answered < 5; answered++) {
      expect(world.waiting.length).toBeLessThanOrEqual(2)
      await world.answer(stored)
    }

    expect(uploader.snapshot().totals).toMatchObject({ count: 5, stored: 5, active: 0 })
  })

  it.each<[string, PutAnswer]>([
    ["no answer", no(0)],
    ["an expired address", no(403)],
    ["a busy store", no(503)],
    ["a store that asks to slow down", no(429)],
    ["a stalled connection", { ok: false, status: "stalled" }],
  ])("tries again after %s, with a fresh address", async (_, answer) => {
    const world = aWorld()
    const uploader = begin(world)
    uploader.add([aFile()])
    await settle()

    await world.answer(answer)
    expect(states(uploader)).toEqual(["waiting"])
    await vi.advanceTimersByTimeAsync(1_000)
    await world.answer(stored)

    expect(world.urls).toEqual(["https://store/1", "https://store/2"])
    expect(world.start).toHaveBeenCalledTimes(1)
    expect(states(uploader)).toEqual(["stored"])
  })

  it("waits longer after each failure, at most 30 seconds, and gives up after ten", async () => {
    const world = aWorld()
    const uploader = begin(world)
    uploader.add([aFile()])
    await settle()

    const waits: number[] = []
    for (let failure = 0; failure < 9; failure++) {
      await world.answer(no(503))
      const { retryAt } = uploader.snapshot().uploads[0] ?? {}
      const wait = (retryAt ?? 0) - Date.now()
      waits.push(wait)
      await vi.advanceTimersByTimeAsync(wait)
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000])
    await world.answer(no(503))

    expect(states(uploader)).toEqual(["failed"])
    expect(uploader.snapshot().uploads[0]?.problem?.code).toBe("busy")
  })

  it("begins a failed file again when told to, without a second row for it", async () => {
    const world = aWorld()
    const uploader = begin(world, { attempts: 1 })
    const [id] = uploader.add([aFile()])
    await settle()
    await world.answer(no(500))
    expect(states(uploader)).toEqual(["failed"])

    uploader.retry(id)
    await settle()
    await world.answer(stored)

    expect(states(uploader)).toEqual(["stored"])
    expect(world.start).toHaveBeenCalledTimes(1)
  })

  it("does not send bytes twice when only the answer was lost", async () => {
    const world = aWorld()
    const uploader = begin(world)
    uploader.add([aFile()])
    await settle()
    await world.answer(no(0))
    await vi.advanceTimersByTimeAsync(1_000)

    await world.answer(no(412))

    expect(states(uploader)).toEqual(["stored"])
    expect(world.urls).toHaveLength(2)
  })

  it("asks the app again, not the store, when the app does not answer at the end", async () => {
    const world = aWorld()
    world.finish.mockResolvedValueOnce(no(0)).mockResolvedValueOnce(no(503, "Storage is away."))
    const uploader = begin(world)
    uploader.add([aFile()])
    await settle()

    await world.answer(stored)
    expect(states(uploader)).toEqual(["waiting"])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(uploader.snapshot().uploads[0]?.problem).toEqual({
      code: "busy",
      message: "Storage is away.",
    })
    await vi.advanceTimersByTimeAsync(2_000)

    expect(states(uploader)).toEqual(["stored"])
    expect(world.urls).toHaveLength(1)
  })

  it("sends the bytes again when the store turns out not to have them", async () => {
    const world = aWorld()
    world.finish.mockResolvedValueOnce(no(409, "The store has no such bytes."))
    const uploader = begin(world)
    uploader.add([aFile()])
    await settle()
    await world.answer(stored)
    await vi.advanceTimersByTimeAsync(1_000)
    await world.answer(stored)

    expect(states(uploader)).toEqual(["stored"])
    expect(world.urls).toHaveLength(2)
  })

  it("starts anew when the app has given the file up", async () => {
    const world = aWorld()
    world.sign.mockResolvedValueOnce(no(404, "Not found."))
    const uploader = begin(world)
    uploader.add([aFile()])
    await settle()
    await world.answer(no(0))
    await vi.advanceTimersByTimeAsync(1_000)
    await world.answer(stored)

    expect(world.start).toHaveBeenCalledTimes(2)
    expect(states(uploader)).toEqual(["stored"])
  })

  it("shows the app's own sentence for a no, and goes on with the others", async () => {
    const world = aWorld()
    world.start.mockResolvedValueOnce(no(413, "A file may have at most 5 GB."))
    const uploader = begin(world, { concurrency: 1 })
    uploader.add([aFile("big"), aFile("small")])
    await settle()
    await world.answer(stored)

    expect(states(uploader)).toEqual(["failed", "stored"])
    expect(uploader.snapshot().uploads[0]?.problem).toEqual({
      code: "refused",
      message: "A file may have at most 5 GB.",
    })
  })

  it("says so at once when a picked file was moved or changed", async () => {
    const world = aWorld()
    world.isReadable.mockResolvedValueOnce(false)
    const uploader = begin(world)
    uploader.add([aFile()])
    await settle()

    expect(uploader.snapshot().uploads[0]).toMatchObject({
      state: "failed",
      problem: { code: "unreadable" },
    })
    expect(world.start).not.toHaveBeenCalled()
  })

  it("waits for a lost connection however long it takes, and goes on by itself", async () => {
    const world = aWorld()
    const uploader = begin(world, { attempts: 2 })
    uploader.add([aFile()])
    await settle()

    world.disconnect()
    for (let cut = 0; cut < 3; cut++) {
      await world.answer(no(0))
      expect(uploader.snapshot().uploads[0]).toMatchObject({
        state: "waiting",
        retryAt: null,
        problem: { code: "offline" },
      })
      await vi.advanceTimersByTimeAsync(3_600_000)
      await world.reconnect()
      expect(states(uploader)).toEqual(["sending"])
      world.disconnect()
    }
    world.reconnect()
    await world.answer(stored)

    expect(states(uploader)).toEqual(["stored"])
  })

  it("takes up what failed without an answer once the connection is back", async () => {
    const world = aWorld()
    const uploader = begin(world, { attempts: 1 })
    uploader.add([aFile()])
    await settle()
    for (let silence = 0; silence < 6; silence++) {
      await world.answer(no(0))
      await vi.advanceTimersByTimeAsync(30_000)
    }
    expect(states(uploader)).toEqual(["failed"])

    await world.reconnect()

    expect(states(uploader)).toEqual(["sending"])
  })

  it("goes on at once when told not to wait", async () => {
    const world = aWorld()
    const uploader = begin(world)
    const [id] = uploader.add([aFile()])
    await settle()
    await world.answer(no(503))

    uploader.retry(id)
    await settle()

    expect(states(uploader)).toEqual(["sending"])
  })

  it("pauses one or all, gives their place to others, and resumes", async () => {
    const world = aWorld()
    const uploader = begin(world, { concurrency: 1 })
    const [first] = uploader.add([aFile("a"), aFile("b")])
    await settle()

    uploader.pause(first)
    await settle()
    expect(states(uploader)).toEqual(["paused", "sending"])
    uploader.pause()
    await settle()
    expect(states(uploader)).toEqual(["paused", "paused"])
    expect(world.waiting).toEqual([])

    uploader.resume()
    await settle()
    await world.answer(stored)
    await world.answer(stored)
    expect(states(uploader)).toEqual(["stored", "stored"])
  })

  it("has the app make the files that wait for their turn, so that a link can hold them", async () => {
    const world = aWorld()
    const uploader = begin(world, { concurrency: 1 })
    const start = world.start.getMockImplementation()
    world.start.mockImplementation((source, known) =>
      source.name !== "no" && start ? start(source, known) : Promise.resolve(no(409, "No room.")),
    )
    uploader.add(["a", "b", "no", "c"].map((name) => aFile(name)))

    await uploader.announce()
    expect(uploader.snapshot().uploads.map(({ fileId }) => fileId)).toEqual(["a", "b", null, "c"])
    expect(states(uploader)).toEqual(["sending", "queued", "queued", "queued"])
    for (let answered = 0; answered < 3; answered++) await world.answer(stored)

    expect(states(uploader)).toEqual(["stored", "stored", "failed", "stored"])
    expect(uploader.snapshot().uploads[2]?.problem?.message).toBe("No room.")
    expect(world.start.mock.calls.map(([{ name }]) => name)).toEqual(["a", "b", "no", "c", "no"])
  })

  it("says to the app for as long as it takes that files which wait or pause are still wanted", async () => {
    const world = aWorld()
    const uploader = begin(world, { concurrency: 1 })
    const [, paused = "", gone = ""] = uploader.add(["a", "b", "c", "d"].map((name) => aFile(name)))
    await settle()
    await uploader.announce()
    uploader.pause(paused)
    uploader.cancel(gone)
    // The first is stored at once, and the last is on its way for days.
    await world.answer(stored)

    const renewed: string[][] = []
    for (let hour = 0; hour < 50; hour++) {
      world.sign.mockClear()
      await vi.advanceTimersByTimeAsync(3_600_000)
      renewed.push(Array.from(new Set(world.sign.mock.calls.map(([fileId]) => fileId))))
    }

    expect(renewed).toEqual(Array.from({ length: 50 }, () => ["b", "d"]))
    uploader.cancel()
    world.sign.mockClear()
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(world.sign).not.toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(0)
  })

  it("forgets a file that is cancelled while the app makes it ahead of its turn", async () => {
    const world = aWorld()
    const uploader = begin(world, { concurrency: 1 })
    const [, second = ""] = uploader.add([aFile("a"), aFile("b")])

    const announced = uploader.announce()
    uploader.cancel(second)
    await announced
    await settle()

    expect(uploader.snapshot().uploads.map(({ name }) => name)).toEqual(["a"])
    const made = world.start.mock.calls.filter(([{ name }]) => name === "b").length
    expect(world.abandon).toHaveBeenCalledTimes(made)
  })

  it("gives a cancelled file up in the app and forgets it", async () => {
    const world = aWorld()
    const uploader = begin(world)
    const [id] = uploader.add([aFile()])
    await settle()

    uploader.cancel(id)
    await settle()

    expect(uploader.snapshot().uploads).toEqual([])
    expect(world.waiting).toEqual([])
    expect(world.abandon).toHaveBeenCalledWith("a.txt")
  })

  it("gives up a file whose row was just being made when it was cancelled", async () => {
    const world = aWorld()
    const uploader = begin(world)
    uploader.add([aFile()])
    uploader.cancel()
    await settle()

    expect(world.abandon.mock.calls).toEqual(world.start.mock.calls.length ? [["a.txt"]] : [])
    expect(world.waiting).toEqual([])
  })

  it("keeps one row when a file is paused and resumed while that row is being made", async () => {
    const world = aWorld()
    const answers: (() => void)[] = []
    const start = world.start.getMockImplementation()
    world.start.mockImplementation(async (source, known) => {
      await new Promise<void>((resolve) => answers.push(resolve))
      return start ? start(source, known) : no(0)
    })
    const uploader = begin(world)
    uploader.add([aFile()])
    await settle()
    uploader.pause()
    uploader.resume()
    await settle()

    for (const answer of answers) answer()
    await settle()
    await world.answer(stored)

    expect(world.abandon).toHaveBeenCalledTimes(answers.length - 1)
    expect(world.urls).toHaveLength(1)
    expect(states(uploader)).toEqual(["stored"])
  })

  it("leaves a stored file alone when all are cancelled", async () => {
    const world = aWorld()
    const uploader = begin(world)
    uploader.add([aFile()])
    await settle()
    await world.answer(stored)

    uploader.cancel()

    expect(world.abandon).not.toHaveBeenCalled()
    expect(states(uploader)).toEqual(["stored"])
  })

  it("tells its listeners about progress at most four times a second", async () => {
    const world = aWorld()
    const uploader = begin(world)
    uploader.add([aFile()])
    await settle()
    const listener = vi.fn()
    const stop = uploader.subscribe(listener)

    for (let ms = 0; ms < 1_000; ms += 10) {
      world.waiting[0]?.request.onProgress(ms / 250)
      await vi.advanceTimersByTimeAsync(10)
    }

    expect(listener.mock.calls.length).toBeLessThanOrEqual(4)
    expect(listener.mock.calls.length).toBeGreaterThan(2)
    expect(uploader.snapshot().uploads[0]?.bytesPerSecond).toBe(4)
    const before = uploader.snapshot()
    expect(uploader.snapshot()).toBe(before)
    stop()
  })

  it("stays calm with a thousand files at once", async () => {
    const world = aWorld()
    const uploader = begin(world)
    const listener = vi.fn(() => uploader.snapshot())
    uploader.subscribe(listener)
    world.start.mockImplementationOnce(async () => no(413, "Too large."))
    const begun = Date.now()
    uploader.add(Array.from({ length: 1_000 }, (_, index) => aFile(`${index}`)))
    await settle()

    while (world.waiting.length > 0) {
      expect(world.waiting.length).toBeLessThanOrEqual(5)
      await vi.advanceTimersByTimeAsync(10)
      await world.answer(stored)
    }
    expect(listener.mock.calls.length).toBeLessThanOrEqual((Date.now() - begun) / 250 + 2)
    expect(listener.mock.calls.length).toBeGreaterThan(20)
    expect(uploader.snapshot().totals).toMatchObject({ count: 1_000, stored: 999, failed: 1 })

    uploader.retry()
    await settle()
    await world.answer(stored)
    expect(uploader.snapshot().totals).toMatchObject({ stored: 1_000, failed: 0 })
    uploader.forget(uploader.snapshot().uploads.map(({ id }) => id))
    expect(uploader.snapshot().uploads).toEqual([])
  })
})
