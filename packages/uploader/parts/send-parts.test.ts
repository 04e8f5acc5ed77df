import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { aFile, anEnvironment, no, ok, settle, stored } from "../testing.ts"
import type { PutAnswer } from "../transport/upload-transport.ts"
import { createUploader } from "../uploader.ts"

const TEN = "abcdefghij"

const hashOf = async (body: Blob): Promise<string | null> => `hash of ${await body.text()}`

describe("a file in parts", () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  /** An uploader that sends a file of ten parts of one byte. */
  async function sending({
    checksums = false,
    files = ["ten"],
    attempts = 10,
    hash = hashOf,
  } = {}) {
    const env = anEnvironment()
    env.hasher.part.mockImplementation(hash)
    env.sendInParts(1, checksums)
    const uploader = createUploader({ ...env.options, random: () => 1, attempts })
    const ids = uploader.add(files.map((name) => aFile(name, TEN)))
    await settle()
    const upload = () => {
      const [first] = uploader.snapshot().uploads
      if (!first) throw new Error("there is no upload")
      return first
    }
    /** Answers pending PUTs until there are none. */
    const rest = async () => {
      while (env.pendingPuts.length > 0) await env.answer(stored)
    }
    return { env, uploader, upload, rest, id: ids[0] }
  }

  const signed = ({ signParts }: ReturnType<typeof anEnvironment>) =>
    signParts.mock.calls.map(([, parts]) => parts.map(({ partNumber }) => partNumber))

  it("is sent four parts at a time, each with its own bytes, and the app checks the store", async () => {
    const { env, upload, uploader } = await sending()
    const bytes: string[] = []
    expect(env.partsInFlight()).toEqual([1, 2, 3, 4])
    expect(upload()).toMatchObject({ state: "sending", resumable: true, fileId: "ten" })

    while (env.pendingPuts.length > 0) {
      expect(env.pendingPuts.length).toBeLessThanOrEqual(4)
      bytes.push((await env.pendingPuts[0]?.request.body.text()) ?? "")
      await env.answer(stored)
    }

    expect(bytes.join("")).toBe(TEN)
    expect(env.finish).toHaveBeenCalledWith("ten", `hash of ${TEN}`)
    expect(upload()).toMatchObject({ state: "stored", sentBytes: 10 })
    expect(uploader.snapshot().totals).toMatchObject({ stored: 1, sentBytes: 10, sizeBytes: 10 })
  })

  it("makes at most five requests to the store, and sends one file after another", async () => {
    const { env, uploader } = await sending({ files: ["a", "b", "c"] })
    let most = 0
    const first = new Set<string>()
    for (let answered = 0; env.pendingPuts.length > 0; answered++) {
      most = Math.max(most, env.pendingPuts.length)
      const { request } = env.pendingPuts[0] ?? {}
      if (answered < 10) first.add(request?.url.split("/")[3] ?? "")
      await env.answer(stored)
    }

    expect(most).toBe(5)
    expect([...first].sort()).toEqual(["a", "b", "c"])
    expect(uploader.snapshot().totals).toMatchObject({ stored: 3 })
  })

  it("has URLs signed in small batches, each part once", async () => {
    const { env, rest } = await sending()
    expect(signed(env)).toEqual([[1, 2, 3, 4, 5, 6, 7, 8]])

    await rest()

    expect(signed(env)).toEqual([
      [1, 2, 3, 4, 5, 6, 7, 8],
      [9, 10],
    ])
  })

  it("is sent part by part as soon as each is hashed, however long the next ones take", async () => {
    const hashed = new Map<string, () => void>()
    const { env, rest, upload } = await sending({
      checksums: true,
      async hash(body) {
        const text = await body.text()
        if (text.length === 1) await new Promise<void>((resolve) => hashed.set(text, resolve))
        return hashOf(body)
      },
    })
    expect(env.partsInFlight()).toEqual([])

    hashed.get("b")?.()
    await settle()
    expect(env.partsInFlight()).toEqual([2])

    for (const done of hashed.values()) done()
    await settle()
    expect(env.partsInFlight()).toEqual([2, 1, 3, 4])
    await rest()
    expect(upload()).toMatchObject({ state: "stored" })
    expect(signed(env).flat().length).toBe(10)
  })

  it("prefetches no URL on a slow connection", async () => {
    const { env } = await sending()
    vi.setSystemTime(Date.now() + 6 * 60_000)
    await env.answer(stored)
    await env.answer(stored)

    expect(signed(env).slice(1)).toEqual([[5], [6]])
  })

  it("uses no URL from before the machine slept", async () => {
    const { env } = await sending()
    const old = new Set(env.urls)
    vi.setSystemTime(Date.now() + 8 * 3_600_000)
    for (let part = 0; part < 4; part++) await env.answer(no(0))
    await vi.advanceTimersByTimeAsync(1_000)

    expect(env.partsInFlight()).toEqual([1, 2, 3, 4])
    expect(env.pendingPuts.filter(({ request }) => old.has(request.url))).toEqual([])
  })

  it("uses no URL that was requested before the machine slept", async () => {
    const { env } = await sending()
    let wake = () => {}
    env.signParts.mockImplementationOnce(async (fileId, asked) => {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
      return ok(asked.map(({ partNumber }) => staleUrl(fileId, partNumber)))
    })
    const staleUrl = (fileId: string, partNumber: number) => ({
      partNumber,
      url: `https://store/${fileId}/${partNumber}?slept`,
      headers: {},
    })
    // The URLs of the first call are used up, and the next call is pending.
    for (let part = 0; part < 8; part++) await env.answer(stored)
    expect(signed(env).at(-1)).toEqual([9, 10])
    vi.setSystemTime(Date.now() + 8 * 3_600_000)
    wake()
    await settle()

    expect(env.partsInFlight()).toEqual([9, 10])
    expect(env.urls.filter((url) => url.endsWith("slept"))).toEqual([])
  })

  it.each<[string, PutAnswer]>([
    ["no answer", no(0)],
    ["bytes that were altered in transit", no(400)],
    ["an expired URL", no(403)],
    ["a busy store", no(503)],
    ["a store that is slow", no(429)],
    ["a connection that stalls", { ok: false, status: "stalled" }],
  ])(
    "retries one part after %s, with a fresh URL, while the others continue",
    async (_, answer) => {
      const { env, upload, rest } = await sending()
      await env.answerPart(2, answer)
      await env.answerPart(1, stored)
      expect(upload().state).toBe("sending")
      expect(env.partsInFlight()).toEqual([3, 4, 5])

      await vi.advanceTimersByTimeAsync(1_000)
      expect(env.partsInFlight()).toEqual([3, 4, 5, 2])
      await rest()

      expect(upload().state).toBe("stored")
      expect(env.urls).toHaveLength(11)
      expect(new Set(env.urls).size).toBe(11)
    },
  )

  it("is waiting, and shows until when, only while every part waits", async () => {
    const { env, upload } = await sending()
    await env.answerPart(1, no(503, null, 20))
    await env.answerPart(2, no(503))
    await env.answerPart(3, no(503, null, 7))
    expect(upload()).toMatchObject({ state: "sending", problem: null })
    await env.answerPart(4, no(503, null, 9))
    expect(upload()).toMatchObject({ state: "waiting", problem: { code: "busy" } })
    expect((upload().retryAt ?? 0) - Date.now()).toBe(1_000)

    await vi.advanceTimersByTimeAsync(1_000)
    expect(upload()).toMatchObject({ state: "sending", problem: null, retryAt: null })
    expect(env.partsInFlight()).toEqual([2])
    await vi.advanceTimersByTimeAsync(6_000)
    expect(env.partsInFlight()).toEqual([2, 3])
  })

  it("retries every part at once on request", async () => {
    const { env, uploader, id } = await sending()
    for (let part = 0; part < 4; part++) await env.answer(no(503, null, 60))
    expect(env.pendingPuts).toEqual([])

    uploader.retry(id)
    await settle()

    expect(env.partsInFlight()).toEqual([1, 2, 3, 4])
  })

  it("counts stored and in-flight bytes, and never more than there are", async () => {
    const { env, upload } = await sending()
    env.pendingPuts[0]?.request.onProgress(1)
    env.pendingPuts[1]?.request.onProgress(50)
    expect(upload().sentBytes).toBe(2)
    await env.answerPart(1, stored)
    expect(upload().sentBytes).toBe(2)
    await env.answerPart(2, no(503))
    expect(upload().sentBytes).toBe(1)
    await vi.advanceTimersByTimeAsync(1_000)

    while (env.pendingPuts.length > 0) {
      for (const { request } of env.pendingPuts) request.onProgress(1)
      expect(upload().sentBytes).toBeLessThanOrEqual(10)
      await env.answer(stored)
    }
    expect(upload().sentBytes).toBe(10)
  })

  it("keeps stored parts over a pause, and sends only the missing ones", async () => {
    const { env, uploader, upload, rest } = await sending()
    for (const part of [1, 2, 4]) await env.answerPart(part, stored)
    env.pendingPuts[0]?.request.onProgress(1)

    uploader.pause()
    await settle()
    expect(upload()).toMatchObject({ state: "paused", sentBytes: 4 })
    // Parts in flight end, and no other is started.
    expect(env.partsInFlight()).toEqual([3, 5, 6, 7])
    for (const part of [3, 6, 7]) await env.answerPart(part, stored)
    // Its last byte had arrived, and only the answer was cut off.
    env.storedParts.get("ten")?.add(5)
    await env.answerPart(5, no(0))
    expect(env.pendingPuts).toEqual([])
    expect(upload()).toMatchObject({ state: "paused", sentBytes: 6 })
    env.urls.length = 0
    uploader.resume()
    await settle()
    expect(upload()).toMatchObject({ state: "sending", sentBytes: 7 })
    await rest()

    expect(env.urls.map((url) => Number(/\/(\d+)\?/.exec(url)?.[1]))).toEqual([8, 9, 10])
    expect(upload().state).toBe("stored")
    expect(env.start).toHaveBeenCalledTimes(1)
  })

  it("goes on after a resume while parts are still in flight, and sends none of them twice", async () => {
    const { env, uploader, upload, rest } = await sending()
    uploader.pause()
    await settle()
    uploader.resume()
    await settle()
    expect(upload().state).toBe("sending")
    expect(env.partsInFlight()).toEqual([1, 2, 3, 4])
    await rest()

    expect(env.urls).toHaveLength(10)
    expect(upload().state).toBe("stored")
  })

  it("stays paused when all its parts end, and is finished by a resume", async () => {
    const { env, uploader, upload } = await sending()
    for (let part = 1; part <= 6; part++) await env.answerPart(part, stored)
    uploader.pause()
    for (let part = 7; part <= 10; part++) await env.answerPart(part, stored)
    expect(upload()).toMatchObject({ state: "paused", sentBytes: 10 })
    expect(env.finish).not.toHaveBeenCalled()

    uploader.resume()
    await settle()
    expect(upload().state).toBe("stored")
  })

  it("stays paused when its last part fails at the same time", async () => {
    const { env, uploader, upload } = await sending()
    for (const part of [1, 2, 3]) await env.answerPart(part, no(503))
    let answer = () => {}
    env.isReadable.mockImplementationOnce(async () => {
      await new Promise<void>((resolve) => {
        answer = resolve
      })
      return true
    })
    await env.answerPart(4, no(503))
    uploader.pause()
    answer()
    await vi.advanceTimersByTimeAsync(60_000)

    expect(upload().state).toBe("paused")
    expect(env.pendingPuts).toEqual([])
  })

  it("sends a part again that the store has only partly", async () => {
    const { env, uploader, rest } = await sending()
    await env.answerPart(1, stored)
    uploader.pause()
    await rest()
    env.listParts.mockResolvedValueOnce(ok([{ partNumber: 1, size: 0 }]))
    uploader.resume()
    await settle()

    expect(env.partsInFlight()).toContain(1)
    await rest()
  })

  it("starts over when the app has deleted the file", async () => {
    const { env, upload, rest } = await sending()
    await env.answerPart(2, stored)
    env.signParts.mockResolvedValueOnce(no(404, "Not found."))
    await env.answerPart(1, no(0))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(upload()).toMatchObject({ state: "sending", sentBytes: 0 })
    await rest()

    expect(env.start).toHaveBeenCalledTimes(2)
    expect(upload()).toMatchObject({ state: "stored", sentBytes: 10 })
  })

  it("waits for a store that is full as long as it takes, and goes on once it has room", async () => {
    const { env, upload, rest } = await sending()
    for (let attempt = 0; attempt < 30; attempt++) {
      for (let part = 0; part < 4; part++) await env.answer(no(507))
      expect(upload()).toMatchObject({ state: "waiting", problem: { code: "storage_full" } })
      expect(upload().retryAt).toBeGreaterThan(Date.now() + 20_000)
      await vi.advanceTimersByTimeAsync(60_000)
    }
    await rest()
    expect(upload()).toMatchObject({ state: "stored", problem: null })
  })

  it("sends every part again when the store has lost the upload", async () => {
    const { env, upload, rest } = await sending()
    await env.answerPart(2, stored)
    env.listParts.mockResolvedValueOnce(ok([]))
    await env.answerPart(1, no(404))
    expect(upload()).toMatchObject({ state: "waiting", problem: { code: "store_refused" } })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(env.partsInFlight()).toEqual([1, 2, 3, 4])
    await rest()

    expect(env.start).toHaveBeenCalledTimes(1)
    expect(upload()).toMatchObject({ state: "stored", sentBytes: 10 })
  })

  it("stops starting over when the app deletes the file each time", async () => {
    const { env, upload, rest } = await sending()
    env.finish.mockResolvedValue(no(404))
    await rest()

    expect(env.start).toHaveBeenCalledTimes(4)
    expect(upload()).toMatchObject({ state: "failed", problem: { code: "refused" } })
  })

  it("finishes when the app says that it is complete", async () => {
    const { env, upload } = await sending()
    env.signParts.mockResolvedValueOnce(no(409, "The file is complete."))
    await env.answerPart(1, no(0))
    await vi.advanceTimersByTimeAsync(1_000)

    expect(env.pendingPuts).toEqual([])
    expect(upload().state).toBe("stored")
  })

  it("sends the part that the store turns out not to have", async () => {
    const { env, upload, rest } = await sending()
    env.finish.mockResolvedValueOnce(no(409, "Part 3 is missing."))
    while (env.pendingPuts.length > 1) await env.answer(stored)
    await env.answer(stored)
    env.storedParts.get("ten")?.delete(3)
    await vi.advanceTimersByTimeAsync(1_000)

    expect(env.partsInFlight()).toEqual([3])
    await rest()
    expect(upload().state).toBe("stored")
  })

  it("fails after ten refusals of a part, and continues from there on request", async () => {
    const { env, uploader, upload, rest } = await sending()
    for (const part of [1, 3, 4]) await env.answerPart(part, stored)
    for (let failure = 0; failure < 10; failure++) {
      await env.answerPart(2, no(500))
      await vi.advanceTimersByTimeAsync(30_000)
    }
    expect(upload()).toMatchObject({ state: "failed", problem: { code: "busy" }, sentBytes: 3 })
    expect(env.pendingPuts).toEqual([])

    env.urls.length = 0
    uploader.retry()
    await settle()
    await rest()

    expect(env.urls).toHaveLength(7)
    expect(upload().state).toBe("stored")
  })

  it("fails at once when the store says that the request itself is wrong", async () => {
    const { env, upload } = await sending()
    await env.answerPart(3, no(411))

    expect(env.pendingPuts).toEqual([])
    expect(upload()).toMatchObject({ state: "failed", problem: { code: "store_refused" } })
  })

  it("fails when the file was changed while it was sent", async () => {
    const { env, upload } = await sending()
    env.isReadable.mockResolvedValue(false)
    await env.answerPart(3, no(0))

    expect(env.pendingPuts).toEqual([])
    expect(upload()).toMatchObject({ state: "failed", problem: { code: "unreadable" } })
  })

  it("waits for a lost connection, retries at intervals, and continues by itself", async () => {
    const { env, upload, rest } = await sending({ attempts: 2 })
    env.disconnect()
    for (let part = 0; part < 4; part++) await env.answer(no(0))
    expect(upload()).toMatchObject({
      state: "waiting",
      retryAt: null,
      problem: { code: "offline" },
    })
    for (let probe = 0; probe < 20; probe++) {
      await vi.advanceTimersByTimeAsync(30_000)
      expect(env.pendingPuts).toHaveLength(4)
      for (let part = 0; part < 4; part++) await env.answer(no(0))
    }

    await env.reconnect()
    expect(upload()).toMatchObject({ state: "sending", problem: null })
    await rest()
    expect(upload().state).toBe("stored")
  })

  it("has each part signed with its digest where the app asks for checksums", async () => {
    const { env, rest } = await sending({ checksums: true })
    const headers = env.pendingPuts.map(({ request }) => request.headers.digest)
    expect(headers).toEqual(["hash of a", "hash of b", "hash of c", "hash of d"])
    await rest()
  })

  it("fails when a part can no longer be read for its digest", async () => {
    const { env, upload } = await sending({ checksums: true })
    env.hasher.part.mockResolvedValue(null)
    await env.answerPart(1, no(503))
    await vi.advanceTimersByTimeAsync(1_000)

    expect(upload()).toMatchObject({ state: "failed", problem: { code: "unreadable" } })
  })

  it("stops everything after a cancel", async () => {
    const { env, uploader, id } = await sending()
    await env.answerPart(1, stored)

    uploader.cancel(id)
    await vi.advanceTimersByTimeAsync(60_000)

    expect(env.pendingPuts).toEqual([])
    expect(env.abandon).toHaveBeenCalledExactlyOnceWith("ten")
    expect(uploader.snapshot().uploads).toEqual([])
  })
})
