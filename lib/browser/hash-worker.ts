import "client-only"
import { sha256 } from "./sha256.ts"

export type HashOrder =
  | { id: number; body: Blob; kind: "part" | "whole" }
  | { id: number; kind: "stop" }

export type HashResult = { id: number; sha256: string | null }

const running = new Map<number, AbortController>()

addEventListener("message", async ({ data: order }: MessageEvent<HashOrder>) => {
  const { id } = order
  if (order.kind === "stop") {
    running.get(id)?.abort()
    return
  }
  const stop = new AbortController()
  running.set(id, stop)
  const result: HashResult = { id, sha256: await sha256(order.body, stop.signal).catch(() => null) }
  running.delete(id)
  postMessage(result)
})
