import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { aFile, anEnvironment, aRecord, no, ok, settle, stored } from "./testing.ts"
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

it("a different file of the same name is sent under the next free name, and known by its own", async () => {
  const app = anEnvironment()
  const uploader = createUploader(app.options)
  const other = takenBy({ size: 9, sha256: "other" })
  app.start.mockResolvedValueOnce(other).mockResolvedValueOnce(other)

  uploader.add([aFile("plan.tar.gz")])
  await vi.advanceTimersByTimeAsync(1_000)
  await app.answer(stored)

  const asked = app.start.mock.calls.map(([file]) => file)
  expect(asked.map(({ source }) => source.name)).toEqual([
    "plan.tar.gz",
    "plan.tar (2).gz",
    "plan.tar (3).gz",
  ])
  expect(new Set(asked.map(({ digests }) => digests.fingerprint)).size).toBe(1)
  expect(app.hasher.whole).not.toHaveBeenCalled()
  expect(uploader.snapshot().uploads).toMatchObject([{ name: "plan.tar (3).gz", state: "stored" }])
})
