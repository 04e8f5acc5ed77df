import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { aFile, aWorld, no, ok, settle, stored } from "./testing.ts"
import type { PutAnswer } from "./upload-transport.ts"
import { createUploader } from "./uploader.ts"

const TEN = "abcdefghij"

const hashOf = async (body: Blob): Promise<string | null> => `hash of ${await body.text()}`

describe("a file in parts", () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  /** An uploader on its way with a file of ten parts of one byte. */
  async function sending({
    checksums = false,
    files = ["ten"],
    attempts = 10,
    hash = hashOf,
  } = {}) {
    const world = aWorld()
    world.hasher.part.mockImplementation(hash)
    world.inParts(1, checksums)
    const uploader = createUploader({ ...world.outside, random: () => 1, attempts })
    const ids = uploader.add(files.map((name) => aFile(name, TEN)))
    await settle()
    const upload = () => {
      const [first] = uploader.snapshot().uploads
      if (!first) throw new Error("there is no upload")
      return first
    }
    /** Answers whatever is on its way until nothing is. */
    const rest = async () => {
      while (world.waiting.length > 0) await world.answer(stored)
    }
    return { world, uploader, upload, rest, id: ids[0] }
  }

  const signed = ({ signParts }: ReturnType<typeof aWorld>) =>
    signParts.mock.calls.map(([, parts]) => parts.map(({ partNumber }) => partNumber))

  it("goes four parts at a time, each with its own bytes, and the app asks the store", async () => {
    const { world, upload, uploader } = await sending()
    const bytes: string[] = []
    expect(world.onTheWay()).toEqual([1, 2, 3, 4])
    expect(upload()).toMatchObject({ state: "sending", resumable: true, fileId: "ten" })

    while (world.waiting.length > 0) {
      expect(world.waiting.length).toBeLessThanOrEqual(4)
      bytes.push((await world.waiting[0]?.request.body.text()) ?? "")
      await world.answer(stored)
    }

    expect(bytes.join("")).toBe(TEN)
    expect(world.finish).toHaveBeenCalledWith("ten", `hash of ${TEN}`)
    expect(upload()).toMatchObject({ state: "stored", sentBytes: 10 })
    expect(uploader.snapshot().totals).toMatchObject({ stored: 1, sentBytes: 10, sizeBytes: 10 })
  })

  it("never makes more than five requests to the store, and gives every file its turn", async () => {
    const { world, uploader } = await sending({ files: ["a", "b", "c"] })
    let most = 0
    const first = new Set<string>()
    for (let answered = 0; world.waiting.length > 0; answered++) {
      most = Math.max(most, world.waiting.length)
      const { request } = world.waiting[0] ?? {}
      if (answered < 10) first.add(request?.url.split("/")[3] ?? "")
      await world.answer(stored)
    }

    expect(most).toBe(5)
    expect([...first].sort()).toEqual(["a", "b", "c"])
    expect(uploader.snapshot().totals).toMatchObject({ stored: 3 })
  })

  it("has addresses signed in small batches, each part once", async () => {
    const { world, rest } = await sending()
    expect(signed(world)).toEqual([[1, 2, 3, 4, 5, 6, 7, 8]])

    await rest()

    expect(signed(world)).toEqual([
      [1, 2, 3, 4, 5, 6, 7, 8],
      [9, 10],
    ])
  })

  it("sends a part as soon as it is hashed, however long the next ones take", async () => {
    const hashed = new Map<string, () => void>()
    const { world, rest, upload } = await sending({
      checksums: true,
      async hash(body) {
        const text = await body.text()
        if (text.length === 1) await new Promise<void>((resolve) => hashed.set(text, resolve))
        return hashOf(body)
      },
    })
    expect(world.onTheWay()).toEqual([])

    hashed.get("b")?.()
    await settle()
    expect(world.onTheWay()).toEqual([2])

    for (const done of hashed.values()) done()
    await settle()
    expect(world.onTheWay()).toEqual([2, 1, 3, 4])
    await rest()
    expect(upload()).toMatchObject({ state: "stored" })
    expect(signed(world).flat().length).toBe(10)
  })

  it("signs no part ahead on a slow line", async () => {
    const { world } = await sending()
    vi.setSystemTime(Date.now() + 6 * 60_000)
    await world.answer(stored)
    await world.answer(stored)

    expect(signed(world).slice(1)).toEqual([[5], [6]])
  })

  it("uses no address that lay about while the machine slept", async () => {
    const { world } = await sending()
    const old = new Set(world.urls)
    vi.setSystemTime(Date.now() + 8 * 3_600_000)
    for (let part = 0; part < 4; part++) await world.answer(no(0))
    await vi.advanceTimersByTimeAsync(1_000)

    expect(world.onTheWay()).toEqual([1, 2, 3, 4])
    expect(world.waiting.filter(({ request }) => old.has(request.url))).toEqual([])
  })

  it("uses no address whose answer lay about while the machine slept", async () => {
    const { world } = await sending()
    let wake = () => {}
    world.signParts.mockImplementationOnce(async (fileId, asked) => {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
      return ok(asked.map(({ partNumber }) => addressOf(fileId, partNumber)))
    })
    const addressOf = (fileId: string, partNumber: number) => ({
      partNumber,
      url: `https://store/${fileId}/${partNumber}?slept`,
      headers: {},
    })
    // Those of the first call are used up, and the next is under way.
    for (let part = 0; part < 8; part++) await world.answer(stored)
    expect(signed(world).at(-1)).toEqual([9, 10])
    vi.setSystemTime(Date.now() + 8 * 3_600_000)
    wake()
    await settle()

    expect(world.onTheWay()).toEqual([9, 10])
    expect(world.urls.filter((url) => url.endsWith("slept"))).toEqual([])
  })

  it.each<[string, PutAnswer]>([
    ["no answer", no(0)],
    ["bytes that were altered on their way", no(400)],
    ["an expired address", no(403)],
    ["a busy store", no(503)],
    ["a store that is slow", no(429)],
    ["a connection that stalls", { ok: false, status: "stalled" }],
  ])(
    "sends one part again after %s, with a fresh address, while the others go on",
    async (_, answer) => {
      const { world, upload, rest } = await sending()
      await world.answerPart(2, answer)
      await world.answerPart(1, stored)
      expect(upload().state).toBe("sending")
      expect(world.onTheWay()).toEqual([3, 4, 5])

      await vi.advanceTimersByTimeAsync(1_000)
      expect(world.onTheWay()).toEqual([3, 4, 5, 2])
      await rest()

      expect(upload().state).toBe("stored")
      expect(world.urls).toHaveLength(11)
      expect(new Set(world.urls).size).toBe(11)
    },
  )

  it("says that it waits, and until when, only when every part does", async () => {
    const { world, upload } = await sending()
    await world.answerPart(1, no(503, null, 20))
    await world.answerPart(2, no(503))
    await world.answerPart(3, no(503, null, 7))
    expect(upload()).toMatchObject({ state: "sending", problem: null })
    await world.answerPart(4, no(503, null, 9))
    expect(upload()).toMatchObject({ state: "waiting", problem: { code: "busy" } })
    expect((upload().retryAt ?? 0) - Date.now()).toBe(1_000)

    await vi.advanceTimersByTimeAsync(1_000)
    expect(upload()).toMatchObject({ state: "sending", problem: null, retryAt: null })
    expect(world.onTheWay()).toEqual([2])
    await vi.advanceTimersByTimeAsync(6_000)
    expect(world.onTheWay()).toEqual([2, 3])
  })

  it("goes on at once with every part when told not to wait", async () => {
    const { world, uploader, id } = await sending()
    for (let part = 0; part < 4; part++) await world.answer(no(503, null, 60))
    expect(world.waiting).toEqual([])

    uploader.retry(id)
    await settle()

    expect(world.onTheWay()).toEqual([1, 2, 3, 4])
  })

  it("counts what is stored and what is on its way, and never more than there is", async () => {
    const { world, upload } = await sending()
    world.waiting[0]?.request.onProgress(1)
    world.waiting[1]?.request.onProgress(50)
    expect(upload().sentBytes).toBe(2)
    await world.answerPart(1, stored)
    expect(upload().sentBytes).toBe(2)
    await world.answerPart(2, no(503))
    expect(upload().sentBytes).toBe(1)
    await vi.advanceTimersByTimeAsync(1_000)

    while (world.waiting.length > 0) {
      for (const { request } of world.waiting) request.onProgress(1)
      expect(upload().sentBytes).toBeLessThanOrEqual(10)
      await world.answer(stored)
    }
    expect(upload().sentBytes).toBe(10)
  })

  it("keeps finished parts over a pause, and sends only the missing ones", async () => {
    const { world, uploader, upload, rest } = await sending()
    for (const part of [1, 2, 4]) await world.answerPart(part, stored)
    world.waiting[0]?.request.onProgress(1)

    uploader.pause()
    await settle()
    expect(world.waiting).toEqual([])
    expect(upload()).toMatchObject({ state: "paused", sentBytes: 3 })
    // Its last byte had just arrived, and only the answer was cut off.
    world.inStore.get("ten")?.add(5)
    world.urls.length = 0
    uploader.resume()
    await settle()
    expect(upload()).toMatchObject({ state: "sending", sentBytes: 4 })
    await rest()

    expect(world.urls.map((url) => Number(/\/(\d+)\?/.exec(url)?.[1]))).toEqual([3, 6, 7, 8, 9, 10])
    expect(upload().state).toBe("stored")
    expect(world.start).toHaveBeenCalledTimes(1)
  })

  it("stays paused when its last part fails just then", async () => {
    const { world, uploader, upload } = await sending()
    for (const part of [1, 2, 3]) await world.answerPart(part, no(503))
    let answer = () => {}
    world.isReadable.mockImplementationOnce(async () => {
      await new Promise<void>((resolve) => {
        answer = resolve
      })
      return true
    })
    await world.answerPart(4, no(503))
    uploader.pause()
    answer()
    await vi.advanceTimersByTimeAsync(60_000)

    expect(upload().state).toBe("paused")
    expect(world.waiting).toEqual([])
  })

  it("sends a part again that the store has only half of", async () => {
    const { world, uploader, rest } = await sending()
    await world.answerPart(1, stored)
    uploader.pause()
    world.listParts.mockResolvedValueOnce(ok([{ partNumber: 1, size: 0 }]))
    uploader.resume()
    await settle()

    expect(world.onTheWay()).toContain(1)
    await rest()
  })

  it("begins anew when the app has given the file up", async () => {
    const { world, upload, rest } = await sending()
    await world.answerPart(2, stored)
    world.signParts.mockResolvedValueOnce(no(404, "Not found."))
    await world.answerPart(1, no(0))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(upload()).toMatchObject({ state: "sending", sentBytes: 0 })
    await rest()

    expect(world.start).toHaveBeenCalledTimes(2)
    expect(upload()).toMatchObject({ state: "stored", sentBytes: 10 })
  })

  it("sends everything again when the store has lost the upload", async () => {
    const { world, upload, rest } = await sending()
    await world.answerPart(2, stored)
    world.listParts.mockResolvedValueOnce(ok([]))
    await world.answerPart(1, no(404))
    expect(upload()).toMatchObject({ state: "waiting", problem: { code: "store_refused" } })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(world.onTheWay()).toEqual([1, 2, 3, 4])
    await rest()

    expect(world.start).toHaveBeenCalledTimes(1)
    expect(upload()).toMatchObject({ state: "stored", sentBytes: 10 })
  })

  it("stops beginning anew when the app forgets the file each time", async () => {
    const { world, upload, rest } = await sending()
    world.finish.mockResolvedValue(no(404))
    await rest()

    expect(world.start).toHaveBeenCalledTimes(4)
    expect(upload()).toMatchObject({ state: "failed", problem: { code: "refused" } })
  })

  it("asks the app for the file when it turns out to be complete", async () => {
    const { world, upload } = await sending()
    world.signParts.mockResolvedValueOnce(no(409, "The file is complete."))
    await world.answerPart(1, no(0))
    await vi.advanceTimersByTimeAsync(1_000)

    expect(world.waiting).toEqual([])
    expect(upload().state).toBe("stored")
  })

  it("sends what the store turns out not to have", async () => {
    const { world, upload, rest } = await sending()
    world.finish.mockResolvedValueOnce(no(409, "Part 3 is missing."))
    while (world.waiting.length > 1) await world.answer(stored)
    await world.answer(stored)
    world.inStore.get("ten")?.delete(3)
    await vi.advanceTimersByTimeAsync(1_000)

    expect(world.onTheWay()).toEqual([3])
    await rest()
    expect(upload().state).toBe("stored")
  })

  it("gives up a part after ten answers, and goes on from there when told to", async () => {
    const { world, uploader, upload, rest } = await sending()
    for (const part of [1, 3, 4]) await world.answerPart(part, stored)
    for (let failure = 0; failure < 10; failure++) {
      await world.answerPart(2, no(500))
      await vi.advanceTimersByTimeAsync(30_000)
    }
    expect(upload()).toMatchObject({ state: "failed", problem: { code: "busy" }, sentBytes: 3 })
    expect(world.waiting).toEqual([])

    world.urls.length = 0
    uploader.retry()
    await settle()
    await rest()

    expect(world.urls).toHaveLength(7)
    expect(upload().state).toBe("stored")
  })

  it("stops at once when the store says that the request itself is wrong", async () => {
    const { world, upload } = await sending()
    await world.answerPart(3, no(411))

    expect(world.waiting).toEqual([])
    expect(upload()).toMatchObject({ state: "failed", problem: { code: "store_refused" } })
  })

  it("says so when the file was changed on its way", async () => {
    const { world, upload } = await sending()
    world.isReadable.mockResolvedValue(false)
    await world.answerPart(3, no(0))

    expect(world.waiting).toEqual([])
    expect(upload()).toMatchObject({ state: "failed", problem: { code: "unreadable" } })
  })

  it("waits out a lost connection, tries now and then, and goes on by itself", async () => {
    const { world, upload, rest } = await sending({ attempts: 2 })
    world.disconnect()
    for (let part = 0; part < 4; part++) await world.answer(no(0))
    expect(upload()).toMatchObject({
      state: "waiting",
      retryAt: null,
      problem: { code: "offline" },
    })
    for (let probe = 0; probe < 20; probe++) {
      await vi.advanceTimersByTimeAsync(30_000)
      expect(world.waiting).toHaveLength(4)
      for (let part = 0; part < 4; part++) await world.answer(no(0))
    }

    await world.reconnect()
    expect(upload()).toMatchObject({ state: "sending", problem: null })
    await rest()
    expect(upload().state).toBe("stored")
  })

  it("asks for each part with its digest where the app wants them", async () => {
    const { world, rest } = await sending({ checksums: true })
    const headers = world.waiting.map(({ request }) => request.headers.digest)
    expect(headers).toEqual(["hash of a", "hash of b", "hash of c", "hash of d"])
    await rest()
  })

  it("says so when a part can no longer be read for its digest", async () => {
    const { world, upload } = await sending({ checksums: true })
    world.hasher.part.mockResolvedValue(null)
    await world.answerPart(1, no(503))
    await vi.advanceTimersByTimeAsync(1_000)

    expect(upload()).toMatchObject({ state: "failed", problem: { code: "unreadable" } })
  })

  it("lets nothing go on after a cancel", async () => {
    const { world, uploader, id } = await sending()
    await world.answerPart(1, stored)

    uploader.cancel(id)
    await vi.advanceTimersByTimeAsync(60_000)

    expect(world.waiting).toEqual([])
    expect(world.abandon).toHaveBeenCalledExactlyOnceWith("ten")
    expect(uploader.snapshot().uploads).toEqual([])
  })
})
