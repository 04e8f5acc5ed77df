import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { createKeepingWriter } from "./keeping-writer.ts"
import type { Span } from "./spans.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function aWriter({ flushMs = 0 } = {}) {
  const steps: string[] = []
  const sink = {
    async write(at: number) {
      steps.push(`write ${at}`)
    },
    async flush() {
      if (flushMs > 0) await new Promise((resolve) => setTimeout(resolve, flushMs))
      steps.push("flush")
    },
  }
  const writer = createKeepingWriter({
    sink,
    spans: [{ from: 0, to: 10 }],
    save: async ([span]: Span[]) => void steps.push(`save ${span?.to}`),
    onKept: (bytes) => steps.push(`report ${bytes}`),
  })
  const take = () => steps.splice(0)
  return { writer, sink, take }
}
const ten = () => new Uint8Array(10)
const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms)

it("reports bytes only after they are durable and recorded, also the last ones before a silence", async () => {
  const { writer, take } = aWriter()
  expect(take()).toEqual(["report 10"])
  await writer.write(10, ten())
  await writer.write(20, ten())
  await wait(499)
  expect(take()).toEqual(["write 10", "write 20"])
  await wait(1)
  expect(take()).toEqual(["flush", "save 30", "report 30"])
  await wait(60_000)
  expect(take()).toEqual([])
})

it("takes at most a tenth of the time", async () => {
  const { writer, take } = aWriter({ flushMs: 3_000 })
  let reports = 0
  for (let at = 10; at < 2_010; at += 10) {
    await writer.write(at, ten())
    await wait(500)
    reports += take().filter((step) => step.startsWith("report")).length
  }
  expect(reports).toBe(4)
})

it("fails the next write when bytes cannot be kept", async () => {
  const { writer, sink } = aWriter()
  sink.flush = async () => {
    throw new Error("full")
  }
  await writer.write(20, ten())
  await wait(1_000)
  await expect(writer.write(30, ten())).rejects.toThrow("full")
})

it("keeps the rest at its end, after what it was keeping, and does nothing afterwards", async () => {
  const { writer, take } = aWriter({ flushMs: 3_000 })
  await writer.write(10, ten())
  await wait(1_000)
  await writer.write(20, ten())
  take()
  const ended = writer.end()
  await wait(60_000)
  await ended
  await writer.end()
  expect(take()).toEqual(["flush", "save 20", "report 20", "flush", "save 30", "report 30"])
})
