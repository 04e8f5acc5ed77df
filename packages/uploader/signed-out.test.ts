import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { aFile, anEnvironment, no, settle, stored } from "./testing.ts"
import { createUploader } from "./uploader.ts"

const SIGNED_OUT = "You’re signed out. Sign in to continue."

describe("an upload whose session has ended", () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  for (const call of ["start", "finish"] as const) {
    it(`waits at its ${call} for as long as it takes, and goes on once it is asked`, async () => {
      const env = anEnvironment()
      env[call].mockResolvedValue(no(401, SIGNED_OUT))
      const uploader = createUploader({ ...env.options, random: () => 1 })
      const [id] = uploader.add([aFile()])
      await settle()
      await env.answer(stored)
      await vi.advanceTimersByTimeAsync(86_400_000)
      const [waiting] = uploader.snapshot().uploads
      expect(waiting).toMatchObject({
        state: "waiting",
        problem: { code: "signed_out", message: SIGNED_OUT },
      })

      env[call].mockReset()
      uploader.retry(id)
      await settle()
      await vi.advanceTimersByTimeAsync(1) // the next batch of records
      await env.answer(stored)
      expect(uploader.snapshot().uploads[0]?.state).toBe("stored")
      expect(env.urls).toHaveLength(1)
    })
  }
})
