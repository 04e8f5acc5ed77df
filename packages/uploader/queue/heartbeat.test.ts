import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { aFile, anEnvironment, settle, stored } from "../testing.ts"
import { createUploader } from "../uploader.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function anUploader() {
  const env = anEnvironment()
  const uploader = createUploader({ ...env.options, concurrency: 2, random: () => 1 })
  /** The files of each heartbeat within some seconds, while every PUT moves a byte each second. */
  async function heartbeats(seconds: number, { moves = true } = {}) {
    env.heartbeat.mockClear()
    for (let second = 0; second < seconds; second++) {
      for (const { request } of moves ? env.pendingPuts : []) request.onProgress(++sent)
      await vi.advanceTimersByTimeAsync(1_000)
    }
    return env.heartbeat.mock.calls.map(([fileIds]) => fileIds.join(" "))
  }
  let sent = 0
  return { env, uploader, heartbeats }
}
const files = (...names: string[]) => names.map((name) => aFile(name, "x".repeat(1_000)))

it("reports what moves and what is queued, after a second and then every five", async () => {
  const { uploader, heartbeats } = anUploader()
  uploader.add(files("a", "b", "c"))
  await settle()
  expect(await heartbeats(12)).toEqual(["a b c", "a b c", "a b c"])
})

it("reports nothing that ended before, was paused or moves no byte, until it moves again", async () => {
  const { env, uploader, heartbeats } = anUploader()
  uploader.add(files("quick"))
  await settle()
  await env.answer(stored)
  expect(await heartbeats(10)).toEqual([])

  const [a = ""] = uploader.add(files("a", "b", "c"))
  await settle()
  expect(await heartbeats(7)).toEqual(["a b c", "a b c"])
  uploader.pause(a)
  expect((await heartbeats(5)).at(-1)).toBe("b c")

  await heartbeats(6, { moves: false })
  expect(await heartbeats(20, { moves: false })).toEqual([])
  expect(await heartbeats(5)).toEqual(["b c"])
  uploader.pause()
  expect(await heartbeats(20)).toEqual([])
})

it("goes on in a hidden tab, whose timers are slowed down", async () => {
  const { env, uploader } = anUploader()
  uploader.add(files("a"))
  await settle()
  // No timer fires, because only the time of day moves on.
  for (let second = 0; second < 30; second++) {
    vi.setSystemTime(Date.now() + 1_000)
    env.pendingPuts[0]?.request.onProgress(second)
  }
  expect(env.heartbeat.mock.calls.length).toBeGreaterThanOrEqual(5)
})

it("names at most a hundred files", async () => {
  const { env, uploader, heartbeats } = anUploader()
  uploader.add(files(...Array.from({ length: 150 }, (_, n) => `${n}`)))
  await settle()
  await heartbeats(2)
  expect(env.heartbeat.mock.calls[0]?.[0]).toHaveLength(100)
})
