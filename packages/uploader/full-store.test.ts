import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { aFile, anEnvironment, no, settle, stored } from "./testing.ts"
import { createUploader } from "./uploader.ts"

const FULL = "The disk is full. The upload resumes when there is space."
const MINUTE_MS = 60_000
/** More than the failures in a row after which an upload gives up. */
const ATTEMPTS = 100

describe("an upload to a full store", () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  async function adding(prepare: (env: ReturnType<typeof anEnvironment>) => void) {
    const env = anEnvironment()
    prepare(env)
    const uploader = createUploader({ ...env.options, random: () => 1 })
    uploader.add([aFile()])
    await settle()
    return { env, upload: () => uploader.snapshot().uploads[0], uploader }
  }

  it("waits after the refusal of its one PUT for as long as it takes, and goes on by itself", async () => {
    const { env, upload } = await adding(() => {})
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      await env.answer(no(507))
      expect(upload()).toMatchObject({
        state: "waiting",
        problem: { code: "storage_full", message: null },
        retryAt: Date.now() + MINUTE_MS,
      })
      await vi.advanceTimersByTimeAsync(MINUTE_MS)
    }

    await env.answer(stored)

    expect(upload()).toMatchObject({ state: "stored", problem: null })
    expect(env.start).toHaveBeenCalledTimes(1)
    expect(new Set(env.urls).size).toBe(ATTEMPTS + 1)
  })

  it("waits with the app's sentence where the app refuses the start, and sends no byte", async () => {
    const { env, upload } = await adding(({ start }) => {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++)
        start.mockResolvedValueOnce(no(507, FULL, 30))
    })
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      expect(upload()).toMatchObject({
        state: "waiting",
        problem: { code: "storage_full", message: FULL },
      })
      await vi.advanceTimersByTimeAsync(MINUTE_MS)
    }
    expect(env.urls).toHaveLength(1)

    await env.answer(stored)

    expect(upload()?.state).toBe("stored")
    expect(env.start).toHaveBeenCalledTimes(ATTEMPTS + 1)
    expect(env.listUnfinished).not.toHaveBeenCalled()
  })

  it("waits where the app signs no part, and sends no byte of it", async () => {
    const { env, upload } = await adding((env) => {
      env.sendInParts(1)
      env.signParts.mockResolvedValue(no(507, FULL, 30))
    })
    await vi.advanceTimersByTimeAsync(ATTEMPTS * MINUTE_MS)
    expect(upload()).toMatchObject({ state: "waiting", problem: { message: FULL } })
    expect(env.urls).toEqual([])
  })

  it("is retried at once on request", async () => {
    const { env, upload, uploader } = await adding(() => {})
    await env.answer(no(507))
    uploader.retry(upload()?.id)
    await settle()
    await env.answer(stored)
    expect(upload()?.state).toBe("stored")
  })
})
