import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { aFile, anEnvironment, aRecord, no, ok, settle, stored } from "./testing.ts"
import { takenUploads } from "./upload.ts"
import type { FileRecord } from "./upload-protocol.ts"
import { createUploader } from "./uploader.ts"

const LARGE = "x".repeat(8 * 1024 ** 2 + 1)

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const there = (id: string, more: Partial<FileRecord> = {}) =>
  ok({ file: aRecord(id, { status: "ready", ...more }), upload: null })
const takenBy = (more: Partial<FileRecord>) => ({
  ...no(409, "A different file is there."),
  taken: aRecord("other", { status: "ready", ...more }),
})

describe("a file that has arrived before", () => {
  it("is stored at once: nothing is sent, and no thumbnail is made again", async () => {
    const app = anEnvironment()
    const onStored = vi.fn()
    const uploader = createUploader({ ...app.options, onStored })
    app.start.mockResolvedValueOnce(there("file 1"))

    uploader.add([aFile("a.txt"), aFile("b.txt")])
    await settle()
    await app.answer(stored)

    const { uploads, totals } = uploader.snapshot()
    expect(uploads).toMatchObject([
      { name: "a.txt", state: "stored", fileId: "file 1", earlier: "arrived", sentBytes: 4 },
      { name: "b.txt", state: "stored", fileId: "b.txt", earlier: null },
    ])
    expect(totals).toMatchObject({ stored: 2, sentBytes: 8, sizeBytes: 8 })
    expect(app.urls).toHaveLength(1)
    expect(app.finish).toHaveBeenCalledTimes(1)
    expect(onStored.mock.calls.map(([{ id }]) => id)).toEqual(["b.txt"])
  })

  it("is never deleted, whether its upload is cancelled before or after the answer, or paused", async () => {
    const app = anEnvironment()
    const uploader = createUploader(app.options)
    const answer = Promise.withResolvers<ReturnType<typeof there>>()
    app.start.mockReturnValueOnce(answer.promise).mockReturnValueOnce(answer.promise)

    const [cancelled, paused] = uploader.add([aFile("a.txt"), aFile("b.txt")])
    await settle()
    uploader.cancel(cancelled)
    uploader.pause(paused)
    answer.resolve(there("file 1"))
    await settle()
    expect(uploader.snapshot().uploads).toMatchObject([{ state: "paused", fileId: null }])
    app.start.mockResolvedValueOnce(there("file 2"))
    uploader.resume()
    await settle()
    expect(uploader.snapshot().uploads).toMatchObject([{ state: "stored", fileId: "file 2" }])
    uploader.cancel(paused)

    expect(uploader.snapshot().uploads).toEqual([])
    expect(app.abandon).not.toHaveBeenCalled()
  })

  it("is hashed as a whole where only its time differs, and asked for again", async () => {
    const app = anEnvironment()
    const uploader = createUploader(app.options)
    app.start.mockResolvedValueOnce(takenBy({ size: LARGE.length, sha256: "hash of all" }))
    app.start.mockResolvedValueOnce(there("file 1"))

    uploader.add([aFile("film.mov", LARGE)])
    await settle()

    expect(app.start.mock.calls.map(([{ digests }]) => digests.sha256)).toEqual([
      null,
      "hash of all",
    ])
    expect(uploader.snapshot().uploads).toMatchObject([{ state: "stored", fileId: "file 1" }])
    expect(app.urls).toEqual([])
  })
})

describe("a file whose name a different one has", () => {
  const other = takenBy({ size: 9, sha256: "other" })

  it("waits for an answer, and the others are sent meanwhile", async () => {
    const app = anEnvironment()
    const uploader = createUploader(app.options)
    app.start.mockResolvedValueOnce(other)

    uploader.add([aFile("a.txt"), aFile("b.txt")])
    await settle()
    await app.answer(stored)
    await app.reconnect()
    await vi.advanceTimersByTimeAsync(60_000)

    expect(uploader.snapshot()).toMatchObject({
      uploads: [
        { name: "a.txt", state: "taken", fileId: null, taken: { id: "other", size: 9 } },
        { name: "b.txt", state: "stored", taken: null },
      ],
      totals: { active: 1 },
    })
    expect(app.start).toHaveBeenCalledTimes(2)
  })

  it("replaces that one, and whoever asks is told which", async () => {
    const app = anEnvironment()
    const onStored = vi.fn()
    const uploader = createUploader({ ...app.options, onStored })
    app.start.mockResolvedValueOnce(other).mockResolvedValueOnce(other)

    const ids = uploader.add([aFile("plan.pdf")])
    await settle()
    uploader.resolve(ids, "replace")
    await settle()
    await app.answer(stored)

    expect(app.start.mock.calls.map(([{ replaces }]) => replaces)).toEqual([null, null, "other"])
    expect(uploader.snapshot().uploads).toMatchObject([{ name: "plan.pdf", state: "stored" }])
    expect(onStored.mock.calls.map(([{ id }, , replaced]) => [id, replaced])).toEqual([
      ["plan.pdf", "other"],
    ])
  })

  it("is sent under the next free name, and known by its own", async () => {
    const app = anEnvironment()
    const uploader = createUploader(app.options)
    for (let time = 0; time < 3; time += 1) app.start.mockResolvedValueOnce(other)

    uploader.add([{ ...aFile("plan.tar.gz"), ifTaken: "keepBoth" }])
    await vi.advanceTimersByTimeAsync(1_000)
    app.start.mockResolvedValueOnce(other)
    uploader.add([{ ...aFile("image.png"), ifTaken: "keepBoth" }])
    await vi.advanceTimersByTimeAsync(1_000)

    const asked = app.start.mock.calls.map(([file]) => file)
    expect(asked.map(({ source }) => source.name)).toEqual([
      "plan.tar.gz",
      "plan.tar (2).gz",
      "plan.tar (3).gz",
      "plan.tar (4).gz",
      "image.png",
      "image (2).png",
    ])
    expect(new Set(asked.slice(0, 4).map(({ digests }) => digests.fingerprint)).size).toBe(1)
    expect(app.hasher.whole).not.toHaveBeenCalled()
  })

  it("is left out, and no record is deleted", async () => {
    const app = anEnvironment()
    const uploader = createUploader(app.options)
    app.start.mockResolvedValueOnce(other)

    const [taken] = uploader.add([aFile("a.txt"), aFile("b.txt")])
    await settle()
    uploader.resolve(taken ?? "", "skip")
    await app.answer(stored)

    expect(uploader.snapshot().uploads).toMatchObject([{ name: "b.txt", state: "stored" }])
    expect(app.start).toHaveBeenCalledTimes(2)
    expect(app.abandon).not.toHaveBeenCalled()
  })

  it.each([
    ["replace", ["a.txt"]],
    ["keepBoth", ["a (2).txt"]],
    ["skip", []],
  ] as const)(
    "is asked about with all others, and no answer is for one that was not asked about: %s",
    async (how, names) => {
      const app = anEnvironment()
      const uploader = createUploader(app.options)
      const hashed = Promise.withResolvers<string>()
      app.hasher.whole.mockReturnValueOnce(hashed.promise)
      app.start.mockResolvedValueOnce(other)
      app.start.mockResolvedValueOnce(takenBy({ size: LARGE.length, sha256: "other" }))

      const [first = "", late] = uploader.add([aFile("a.txt"), aFile("late.mov", LARGE)])
      await settle()
      expect(takenUploads(uploader.snapshot().uploads)).toEqual([])
      uploader.resolve(first, how)
      app.start.mockImplementation(async ({ source: { name }, replaces }) =>
        name.includes("(2)") || replaces ? ok({ file: aRecord(name), upload: null }) : other,
      )
      hashed.resolve("hash of all")
      await vi.advanceTimersByTimeAsync(1_000)

      const { uploads } = uploader.snapshot()
      expect(uploads.filter(({ state }) => state === "stored").map(({ name }) => name)).toEqual(
        names,
      )
      expect(takenUploads(uploads).map(({ id }) => id)).toEqual([late])
    },
  )

  it("may be paused and cancelled, and is asked about again when it continues", async () => {
    const app = anEnvironment()
    const uploader = createUploader(app.options)
    app.start.mockResolvedValueOnce(other).mockResolvedValueOnce(other)

    const [paused = ""] = uploader.add([aFile("a.txt")])
    await settle()
    uploader.pause()
    expect(uploader.snapshot().uploads).toMatchObject([{ state: "paused" }])
    uploader.resume()
    await settle()
    expect(uploader.snapshot().uploads).toMatchObject([{ state: "taken" }])
    uploader.cancel(paused)
    expect(uploader.snapshot().uploads).toEqual([])
    expect(app.abandon).not.toHaveBeenCalled()
  })
})

it("a file that was replaced is taken off the list, whether it was sent or had arrived", async () => {
  const app = anEnvironment()
  const uploader = createUploader(app.options)
  app.start.mockResolvedValueOnce(there("file 1"))
  uploader.add([aFile("a.txt"), aFile("b.txt"), aFile("c.txt")])
  await settle()
  await app.answer(stored)

  for (const id of ["file 1", "b.txt", "c.txt"]) uploader.forget(id)

  // The last one is still being sent.
  expect(uploader.snapshot().uploads).toMatchObject([{ name: "c.txt", state: "sending" }])
})
