import "server-only"
import { once } from "node:events"
import net from "node:net"
import { setImmediate } from "node:timers/promises"
import type { ListenAddress } from "./configuration/parsers.ts"
import { configuration } from "./configuration.ts"
import { messageOf } from "./monitoring/log.ts"

/**
 * What clamd found in some bytes, or that they exceed its own limits; or why there is no result, in
 * its words if it has any, and whether it took the bytes and did not answer in time.
 */
type Scanned =
  | { result: "clean" }
  | { result: "too_large" }
  | { result: "found"; name: string }
  | { result: "none"; problem: string; isLate: boolean }

type Options = {
  address?: ListenAddress | undefined
  /**
   * How long clamd may take no bytes, or scan before its answer. The default exceeds that of its
   * MaxScanTime, two minutes, after which it answers.
   */
  silenceMs?: number
  /** How long all of it may take. */
  totalMs?: number
  signal?: AbortSignal | undefined
}

/** An answer has the name of a signature at most. */
const LONGEST_ANSWER = 1_000

/**
 * Streams bytes to clamd by its command INSTREAM (see clamd(8)), one chunk at a time. Only a
 * complete answer to all bytes is a result. Throws what `bytes` throws.
 */
export async function scanBytes(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { address = configuration.CLAMD_ADDRESS, signal, ...limits }: Options = {},
): Promise<Scanned> {
  const { silenceMs = 180_000, totalMs = 600_000 } = limits
  if (!address) return { result: "none", problem: "CLAMD_ADDRESS isn’t set.", isLate: false }
  const socket = net.connect(address)
  const closed = new AbortController()
  let answer = ""
  let failure: Error | undefined
  let isLate = false
  const stop = () => socket.destroy(new Error("Lapse was stopped"))
  const giveUp = (ms: number) => {
    isLate = !socket.connecting
    socket.destroy(new Error(`no answer in ${ms / 1_000} s`))
  }
  const limit = setTimeout(giveUp, totalMs, totalMs)
  socket.on("timeout", () => giveUp(silenceMs))
  socket.setEncoding("utf8").on("data", (text: string) => {
    answer += text
    if (answer.length > LONGEST_ANSWER) socket.destroy()
  })
  socket.on("error", (error) => {
    failure = error
  })
  socket.on("close", () => closed.abort())
  if (signal?.aborted) stop()
  signal?.addEventListener("abort", stop)
  try {
    const isSent = await send(bytes, { socket, silenceMs, closed: closed.signal })
    if (!closed.signal.aborted) await once(closed.signal, "abort")
    return resultOf(answer, { isSent, failure, isLate })
  } finally {
    clearTimeout(limit)
    signal?.removeEventListener("abort", stop)
    socket.destroy()
  }
}

/**
 * What is written at once. Between two pieces an answer is read that clamd gave early, to a stream
 * that is too long: once it has closed the connection, a write fails and the answer is lost.
 */
const PIECE_BYTES = 64 * 1024

type Sending = { socket: net.Socket; silenceMs: number; closed: AbortSignal }

/** Returns whether all bytes were sent. The store's silence does not count as clamd's. */
async function send(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { socket, silenceMs, closed }: Sending,
) {
  socket.write("zINSTREAM\0")
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      if (closed.aborted) return false
      const piece = chunk.subarray(at, at + PIECE_BYTES)
      socket.setTimeout(silenceMs)
      socket.write(lengthOf(piece))
      if (!socket.write(piece)) await once(socket, "drain", { signal: closed }).catch(() => {})
      socket.setTimeout(0)
      await setImmediate()
    }
  }
  if (closed.aborted) return false
  socket.setTimeout(silenceMs)
  socket.write(lengthOf(new Uint8Array()))
  return true
}

function lengthOf({ length }: Uint8Array) {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(length)
  return bytes
}

/** A cut off answer lacks the NUL at its end. */
const RESULT = /^stream: (?:OK|([^\0]{1,300}) FOUND)\0$/

/** It ends a stream so that exceeds StreamMaxLength, and names other limits if AlertExceedsMax is on. */
const LIMIT =
  /^(?:INSTREAM size limit exceeded\. ERROR|stream: Heuristics\.Limits\.Exceeded\S* FOUND)\0$/

type End = { isSent: boolean; failure: Error | undefined; isLate: boolean }

function resultOf(answer: string, { isSent, failure, isLate }: End): Scanned {
  if (LIMIT.test(answer)) return { result: "too_large" }
  const [said, name] = RESULT.exec(answer) ?? []
  if (name !== undefined) return { result: "found", name }
  if (said !== undefined && isSent) return { result: "clean" }
  const text = answer.replaceAll("\0", " ").trim().slice(0, 200)
  return { result: "none", problem: text || (failure ? messageOf(failure) : "no answer"), isLate }
}
