import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { fingerprintOf } from "./hashing/fingerprint.ts"
import { aFile, anEnvironment, aRecord, no, settle, stored } from "./testing.ts"
import type { PutAnswer } from "./transport/upload-transport.ts"
import { createUploader } from "./uploader.ts"

describe("the uploader", () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const anUploader = (env: ReturnType<typeof anEnvironment>, options = {}) =>
    createUploader({ ...env.options, random: () => 1, ...options })
  const states = (uploader: ReturnType<typeof anUploader>) =>
    uploader.snapshot().uploads.map(({ state }) => state)

  it("sends a file to the store and has the app check it", async () => {
    const env = anEnvironment()
    const uploader = anUploader(env)

    uploader.add([aFile()])
    await settle()
    expect(states(uploader)).toEqual(["sending"])
    await env.answer(stored)

    expect(env.finish).toHaveBeenCalledWith("a.txt", "hash of four")
    expect(states(uploader)).toEqual(["stored"])
    expect(uploader.snapshot().uploads[0]).toMatchObject({
      sentBytes: 4,
      file: { status: "ready" },
    })
  })

  it("never sends more files at a time than its limit", async () => {
    const env = anEnvironment()
    const uploader = anUploader(env, { concurrency: 2 })

    uploader.add(Array.from({ length: 5 }, (_, index) => aFile(`${index}`)))
    await settle()
    expect(env.pendingPuts).toHaveLength(2)
    for (let answered = 0; answered < 5; answered++) {
      expect(env.pendingPuts.length).toBeLessThanOrEqual(2)
      await env.answer(stored)
    }

    expect(uploader.snapshot().totals).toMatchObject({ count: 5, stored: 5, active: 0 })
  })

  it.each<[string, PutAnswer]>([
    ["no answer", no(0)],
    ["an expired URL", no(403)],
    ["a busy store", no(503)],
    ["a store that asks to slow down", no(429)],
    ["a stalled connection", { ok: false, status: "stalled" }],
  ])("retries after %s, with a fresh URL", async (_, answer) => {
    const env = anEnvironment()
    const uploader = anUploader(env)
    uploader.add([aFile()])
    await settle()

    await env.answer(answer)
    expect(states(uploader)).toEqual(["waiting"])
    await vi.advanceTimersByTimeAsync(1_000)
    await env.answer(stored)

    expect(env.urls).toEqual(["https://store/1", "https://store/2"])
    expect(env.start).toHaveBeenCalledTimes(1)
    expect(states(uploader)).toEqual(["stored"])
  })

  it("waits longer after each failure, at most 30 seconds, and fails after ten", async () => {
    const env = anEnvironment()
    const uploader = anUploader(env)
    uploader.add([aFile()])
    await settle()

    const waits: number[] = []
    for (let failure = 0; failure < 9; failure++) {
      await env.answer(no(503))
      const { retryAt } = uploader.snapshot().uploads[0] ?? {}
      const wait = (retryAt ?? 0) - Date.now()
      waits.push(wait)
      await vi.advanceTimersByTimeAsync(wait)
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000])
    await env.answer(no(503))

    expect(states(uploader)).toEqual(["failed"])
    expect(uploader.snapshot().uploads[0]?.problem?.code).toBe("busy")
  })

  it("retries a failed file on request, without a second record", async () => {
    const env = anEnvironment()
    const uploader = anUploader(env, { attempts: 1 })
    const [id] = uploader.add([aFile()])
    await settle()
    await env.answer(no(500))
    expect(states(uploader)).toEqual(["failed"])

    uploader.retry(id)
    await settle()
    await env.answer(stored)

    expect(states(uploader)).toEqual(["stored"])
    expect(env.start).toHaveBeenCalledTimes(1)
  })

  it("does not send bytes twice when only the answer was lost", async () => {
    const env = anEnvironment()
    const uploader = anUploader(env)
    uploader.add([aFile()])
    await settle()
    await env.answer(no(0))
    await vi.advanceTimersByTimeAsync(1_000)

    await env.answer(no(412))

    expect(states(uploader)).toEqual(["stored"])
    expect(env.urls).toHaveLength(2)
  })

  it("retries the finish, not the PUT, when the app does not answer at the end", async () => {
    const env = anEnvironment()
    env.finish.mockResolvedValueOnce(no(0)).mockResolvedValueOnce(no(503, "Storage is away."))
    const uploader = anUploader(env)
    uploader.add([aFile()])
    await settle()

    await env.answer(stored)
    expect(states(uploader)).toEqual(["waiting"])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(uploader.snapshot().uploads[0]?.problem).toEqual({
      code: "busy",
      message: "Storage is away.",
    })
    await vi.advanceTimersByTimeAsync(2_000)

    expect(states(uploader)).toEqual(["stored"])
    expect(env.urls).toHaveLength(1)
  })

  it("sends the bytes again when the store turns out not to have them", async () => {
    const env = anEnvironment()
    env.finish.mockResolvedValueOnce(no(409, "The store has no such bytes."))
    const uploader = anUploader(env)
    uploader.add([aFile()])
    await settle()
    await env.answer(stored)
    await vi.advanceTimersByTimeAsync(1_000)
    await env.answer(stored)

    expect(states(uploader)).toEqual(["stored"])
    expect(env.urls).toHaveLength(2)
  })

  it("starts over when the app has deleted the file", async () => {
    const env = anEnvironment()
    env.renew.mockResolvedValueOnce(no(404, "Not found."))
    const uploader = anUploader(env)
    uploader.add([aFile()])
    await settle()
    await env.answer(no(0))
    await vi.advanceTimersByTimeAsync(1_000)
    await env.answer(stored)

    expect(env.start).toHaveBeenCalledTimes(2)
    expect(states(uploader)).toEqual(["stored"])
  })

  it("ends with the app's sentence if somebody ended it, and begins again on request", async () => {
    const env = anEnvironment()
    const uploader = anUploader(env)
    uploader.add([aFile("a")])
    await settle()
    env.finish.mockResolvedValueOnce(no(410, "It was ended."))
    await env.answer(stored)

    expect(uploader.snapshot().uploads[0]).toMatchObject({
      ...{ state: "failed", problem: { message: "It was ended." }, fileId: null },
    })
    expect(env.batches).toHaveLength(1)
    uploader.retry()
    await settle()
    expect(env.batches).toHaveLength(2)
    await env.answer(stored)
    expect(states(uploader)).toEqual(["stored"])
  })

  it("shows the app's own sentence of a refusal, and continues with the others", async () => {
    const env = anEnvironment()
    env.start.mockResolvedValueOnce(no(413, "A file may have at most 5 GB."))
    const uploader = anUploader(env, { concurrency: 1 })
    uploader.add([aFile("big"), aFile("small")])
    await settle()
    await env.answer(stored)

    expect(states(uploader)).toEqual(["failed", "stored"])
    expect(uploader.snapshot().uploads[0]?.problem).toEqual({
      code: "refused",
      message: "A file may have at most 5 GB.",
    })
  })

  it("fails at once when a picked file was moved or changed", async () => {
    const env = anEnvironment()
    env.hasher.part.mockResolvedValue(null)
    env.isReadable.mockResolvedValueOnce(false)
    const uploader = anUploader(env)
    uploader.add([aFile()])
    await settle()

    expect(uploader.snapshot().uploads[0]).toMatchObject({
      state: "failed",
      problem: { code: "unreadable" },
    })
    expect(env.start).not.toHaveBeenCalled()
  })

  it("waits for a lost connection however long it takes, and continues by itself", async () => {
    const env = anEnvironment()
    const uploader = anUploader(env, { attempts: 2 })
    uploader.add([aFile()])
    await settle()

    env.disconnect()
    for (let cut = 0; cut < 3; cut++) {
      await env.answer(no(0))
      expect(uploader.snapshot().uploads[0]).toMatchObject({
        state: "waiting",
        retryAt: null,
        problem: { code: "offline" },
      })
      await vi.advanceTimersByTimeAsync(3_600_000)
      await env.reconnect()
      expect(states(uploader)).toEqual(["sending"])
      env.disconnect()
    }
    env.reconnect()
    await env.answer(stored)

    expect(states(uploader)).toEqual(["stored"])
  })

  it("waits for the connection where nothing can be hashed without it, and then sends the fingerprint", async () => {
    const env = anEnvironment()
    const hash = env.hasher.part.getMockImplementation()
    env.hasher.part.mockResolvedValue(null)
    env.disconnect()
    const uploader = anUploader(env)
    uploader.add([aFile()])
    await settle()
    expect(uploader.snapshot().uploads[0]).toMatchObject({
      state: "waiting",
      retryAt: null,
      problem: { code: "offline" },
    })
    expect(env.batches).toEqual([])

    if (hash) env.hasher.part.mockImplementation(hash)
    await env.reconnect()
    expect(env.start).toHaveBeenCalledWith(
      expect.objectContaining({
        digests: { fingerprint: expect.stringContaining("a.txt"), sha256: "hash of four" },
      }),
    )
    await env.answer(stored)
    expect(states(uploader)).toEqual(["stored"])
  })

  it("retries what failed without an answer once the connection is back", async () => {
    const env = anEnvironment()
    const uploader = anUploader(env, { attempts: 1 })
    uploader.add([aFile()])
    await settle()
    for (let failure = 0; failure < 6; failure++) {
      await env.answer(no(0))
      await vi.advanceTimersByTimeAsync(30_000)
    }
    expect(states(uploader)).toEqual(["failed"])

    await env.reconnect()

    expect(states(uploader)).toEqual(["sending"])
  })

  it("retries at once on request", async () => {
    const env = anEnvironment()
    const uploader = anUploader(env)
    const [id] = uploader.add([aFile()])
    await settle()
    await env.answer(no(503))

    uploader.retry(id)
    await settle()

    expect(states(uploader)).toEqual(["sending"])
  })

  it("pauses one or all, starts others in their place, and resumes", async () => {
    const env = anEnvironment()
    const uploader = anUploader(env, { concurrency: 1 })
    const [first] = uploader.add([aFile("a"), aFile("b")])
    await settle()

    uploader.pause(first)
    await settle()
    expect(states(uploader)).toEqual(["paused", "sending"])
    uploader.pause()
    await settle()
    expect(states(uploader)).toEqual(["paused", "paused"])
    expect(env.pendingPuts).toEqual([])

    uploader.resume()
    await settle()
    await env.answer(stored)
    await env.answer(stored)
    expect(states(uploader)).toEqual(["stored", "stored"])
  })

  it("has the app create the records of all files in one call, before their turn to be sent", async () => {
    const env = anEnvironment()
    const uploader = anUploader(env, { concurrency: 1 })
    const start = env.start.getMockImplementation()
    env.start.mockImplementation((file) =>
      file.source.name !== "no" && start ? start(file) : Promise.resolve(no(409, "No room.")),
    )
    uploader.add(["a", "b", "no", "c"].map((name) => aFile(name)))
    await settle()

    expect(env.batches).toEqual([["a", "b", "no", "c"]])
    expect(uploader.snapshot().uploads.map(({ fileId }) => fileId)).toEqual(["a", "b", null, "c"])
    expect(states(uploader)).toEqual(["sending", "queued", "failed", "queued"])
    expect(uploader.snapshot().uploads[2]?.problem?.message).toBe("No room.")
    for (let answered = 0; answered < 3; answered++) await env.answer(stored)

    expect(states(uploader)).toEqual(["stored", "stored", "failed", "stored"])
  })

  it("does not wait with the records of many files until the last of them is read", async () => {
    const env = anEnvironment()
    const uploader = anUploader(env, { concurrency: 1 })
    const names = Array.from({ length: 1_200 }, (_, at) => `${at}`)
    const { promise: read, resolve: endReading } = Promise.withResolvers<string>()
    env.hasher.part.mockImplementation((body) => (body.size === 9 ? read : Promise.resolve("hash")))
    const last = aFile("last", "nine byte")
    uploader.add([...names.map((name) => aFile(name)), last])
    await settle()
    await vi.advanceTimersByTimeAsync(210)

    expect(env.batches.map(({ length }) => length)).toEqual([500, 500, 200])
    expect(env.batches.flat()).toEqual(names)
    endReading("hash")
    await settle()
    expect(env.batches.slice(3)).toEqual([["last"]])
  })

  it("finds ten thousand files there in twenty calls, and tells listeners about once a second", async () => {
    const env = anEnvironment()
    env.start.mockImplementation(async ({ source: { name } }) => ({
      ok: true,
      value: { file: aRecord(name, { status: "ready" }), upload: null },
    }))
    const uploader = anUploader(env)
    const listener = vi.fn()
    uploader.subscribe(listener)
    uploader.add(Array.from({ length: 10_000 }, (_, at) => aFile(`${at}`)))
    for (let ms = 0; ms < 30_000; ms += 250) await vi.advanceTimersByTimeAsync(250)

    expect(uploader.snapshot().totals.stored).toBe(10_000)
    expect(env.batches).toHaveLength(20)
    expect(env.isReadable).not.toHaveBeenCalled()
    expect(listener.mock.calls.length).toBeLessThan(25)
  })

  it("has at most as many unsent records as the app takes, and sends all files in turn", async () => {
    const env = anEnvironment()
    const uploader = anUploader(env, { unsent: 16 })
    const names = Array.from({ length: 1_000 }, (_, at) => `${at}`)
    let most = 0
    uploader.subscribe(() => {
      const { uploads } = uploader.snapshot()
      const unsent = uploads.filter(({ fileId, state }) => fileId && state !== "stored")
      most = Math.max(most, unsent.length)
    })
    uploader.add(names.map((name) => aFile(name)))
    await vi.advanceTimersByTimeAsync(1_000)

    expect(env.batches.flat()).toEqual(names.slice(0, 16))
    while (env.pendingPuts.length > 0) {
      await env.answer(stored)
      await vi.advanceTimersByTimeAsync(250)
    }
    expect(new Set(states(uploader))).toEqual(new Set(["stored"]))
    expect(env.batches.flat()).toEqual(names)
    expect(most).toBe(16)
  })

  it("lets others take the turn of a cancelled, a refused and a failed file", async () => {
    const env = anEnvironment()
    const uploader = anUploader(env, { concurrency: 1, unsent: 1 })
    const start = env.start.getMockImplementation()
    env.start.mockImplementation((file) =>
      file.source.name !== "no" && start ? start(file) : Promise.resolve(no(409, "No room.")),
    )
    const [first = ""] = uploader.add(["a", "no", "b", "c"].map((name) => aFile(name)))
    await settle()

    uploader.cancel(first)
    await vi.advanceTimersByTimeAsync(10)
    expect(states(uploader)).toEqual(["failed", "sending", "starting"])
    await env.answer(no(405))
    await vi.advanceTimersByTimeAsync(10)
    expect(states(uploader)).toEqual(["failed", "failed", "sending"])
    await env.answer(stored)
    expect(states(uploader)).toEqual(["failed", "failed", "stored"])
  })

  it("continues an unfinished file before others get a record", async () => {
    const env = anEnvironment()
    const uploader = anUploader(env, { concurrency: 1, unsent: 1 })
    const fingerprint = await fingerprintOf("c", aFile("c").body, env.hasher)
    env.listUnfinished.mockResolvedValue({ ok: true, value: [aRecord("c", { fingerprint })] })
    await uploader.loadUnfinished()
    uploader.add(["a", "b", "c"].map((name) => aFile(name)))
    await settle()

    expect(states(uploader)).toEqual(["starting", "starting", "sending"])
    await env.answer(stored)
    expect(states(uploader)).toEqual(["sending", "starting", "stored"])
  })

  it("renews the lease of queued and paused files for as long as it takes", async () => {
    const env = anEnvironment()
    const uploader = anUploader(env, { concurrency: 1 })
    const [, paused = "", gone = ""] = uploader.add(["a", "b", "c", "d"].map((name) => aFile(name)))
    await settle()
    uploader.pause(paused)
    uploader.cancel(gone)
    // The first is stored at once, and the last is in flight for days.
    await env.answer(stored)

    const renewed: string[][] = []
    for (let hour = 0; hour < 50; hour++) {
      env.renew.mockClear()
      await vi.advanceTimersByTimeAsync(3_600_000)
      renewed.push(Array.from(new Set(env.renew.mock.calls.map(([fileId]) => fileId))))
    }

    expect(renewed).toEqual(Array.from({ length: 50 }, () => ["b", "d"]))
    uploader.cancel()
    env.renew.mockClear()
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(env.renew).not.toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(0)
  })

  it("has no record created of a file that is cancelled before its batch is sent", async () => {
    const env = anEnvironment()
    const uploader = anUploader(env, { concurrency: 1 })
    const [, second = ""] = uploader.add([aFile("a"), aFile("b")])

    uploader.cancel(second)
    await settle()

    expect(uploader.snapshot().uploads.map(({ name }) => name)).toEqual(["a"])
    expect(env.batches).toEqual([["a"]])
    expect(env.abandon).not.toHaveBeenCalled()
  })

  it("deletes a cancelled file in the app and removes it", async () => {
    const env = anEnvironment()
    const uploader = anUploader(env)
    const [id] = uploader.add([aFile()])
    await settle()

    uploader.cancel(id)
    await settle()

    expect(uploader.snapshot().uploads).toEqual([])
    expect(env.pendingPuts).toEqual([])
    expect(env.abandon).toHaveBeenCalledWith("a.txt")
  })

  it("deletes a file that is cancelled while its record is created", async () => {
    const env = anEnvironment()
    const uploader = anUploader(env)
    uploader.add([aFile()])
    uploader.cancel()
    await settle()

    expect(env.abandon.mock.calls).toEqual(env.start.mock.calls.length ? [["a.txt"]] : [])
    expect(env.pendingPuts).toEqual([])
  })

  it("keeps one record when a file is paused and resumed while that record is created", async () => {
    const env = anEnvironment()
    const answers: (() => void)[] = []
    const start = env.start.getMockImplementation()
    env.start.mockImplementation(async (file) => {
      await new Promise<void>((resolve) => answers.push(resolve))
      return start ? start(file) : no(0)
    })
    const uploader = anUploader(env)
    uploader.add([aFile()])
    await settle()
    uploader.pause()
    uploader.resume()
    await settle()

    for (const answer of answers) {
      answer()
      await settle()
    }
    await env.answer(stored)

    expect(env.abandon).toHaveBeenCalledTimes(answers.length - 1)
    expect(env.urls).toHaveLength(1)
    expect(states(uploader)).toEqual(["stored"])
  })

  it("keeps a stored file when all are cancelled", async () => {
    const env = anEnvironment()
    const uploader = anUploader(env)
    uploader.add([aFile()])
    await settle()
    await env.answer(stored)

    uploader.cancel()

    expect(env.abandon).not.toHaveBeenCalled()
    expect(states(uploader)).toEqual(["stored"])
  })

  it("calls its listeners at most four times a second", async () => {
    const env = anEnvironment()
    const uploader = anUploader(env)
    uploader.add([aFile()])
    await settle()
    const listener = vi.fn()
    const stop = uploader.subscribe(listener)

    for (let ms = 0; ms < 1_000; ms += 10) {
      env.pendingPuts[0]?.request.onProgress(ms / 250)
      await vi.advanceTimersByTimeAsync(10)
    }

    expect(listener.mock.calls.length).toBeLessThanOrEqual(4)
    expect(listener.mock.calls.length).toBeGreaterThan(2)
    expect(uploader.snapshot().uploads[0]?.bytesPerSecond).toBe(4)
    const before = uploader.snapshot()
    expect(uploader.snapshot()).toBe(before)
    stop()
  })

  it("limits requests and notifications with a thousand files at once", async () => {
    const env = anEnvironment()
    const uploader = anUploader(env)
    const listener = vi.fn(() => uploader.snapshot())
    uploader.subscribe(listener)
    env.start.mockImplementationOnce(async () => no(413, "Too large."))
    const startedAt = Date.now()
    uploader.add(Array.from({ length: 1_000 }, (_, index) => aFile(`${index}`)))
    await settle()

    while (env.pendingPuts.length > 0) {
      expect(env.pendingPuts.length).toBeLessThanOrEqual(5)
      await vi.advanceTimersByTimeAsync(10)
      await env.answer(stored)
    }
    expect(listener.mock.calls.length).toBeLessThanOrEqual((Date.now() - startedAt) / 250 + 2)
    expect(listener.mock.calls.length).toBeGreaterThan(20)
    expect(uploader.snapshot().totals).toMatchObject({ count: 1_000, stored: 999, failed: 1 })

    uploader.retry()
    await settle()
    await env.answer(stored)
    expect(uploader.snapshot().totals).toMatchObject({ stored: 1_000, failed: 0 })
    uploader.removeStored(uploader.snapshot().uploads.map(({ id }) => id))
    expect(uploader.snapshot().uploads).toEqual([])
  })
})
