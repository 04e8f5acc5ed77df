import "server-only"
import { once } from "node:events"
import net from "node:net"
import type { ListenAddress } from "./configuration/parsers.ts"
import { configuration } from "./configuration.ts"
import { messageOf } from "./monitoring/log.ts"

/** What clamd found in some bytes; or why there is no result, in its words if it has any. */
export type Scanned =
  | { result: "clean" }
  | { result: "found"; name: string }
  | { result: "none"; problem: string }

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
  if (!address) return { result: "none", problem: "CLAMD_ADDRESS isn’t set." }
  const socket = net.connect(address)
  const closed = new AbortController()
  let answer = ""
  let failure: Error | undefined
  const end = (reason: string) => socket.destroy(new Error(reason))
  const stop = () => end("Lapse was stopped")
  const limit = setTimeout(() => end(`no answer in ${totalMs / 1_000} s`), totalMs)
  socket.on("timeout", () => end(`no answer in ${silenceMs / 1_000} s`))
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
    return resultOf(answer, { isSent, failure })
  } finally {
    clearTimeout(limit)
    signal?.removeEventListener("abort", stop)
    socket.destroy()
  }
}

type Sending = { socket: net.Socket; silenceMs: number; closed: AbortSignal }

/** Returns whether all bytes were sent. The store's silence does not count as clamd's. */
async function send(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { socket, silenceMs, closed }: Sending,
) {
  socket.write("zINSTREAM\0")
  for await (const chunk of bytes) {
    if (closed.aborted) return false
    if (chunk.length === 0) continue // it would end the stream
    socket.setTimeout(silenceMs)
    socket.write(lengthOf(chunk))
    if (!socket.write(chunk)) await once(socket, "drain", { signal: closed }).catch(() => {})
    socket.setTimeout(0)
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

function resultOf(
  answer: string,
  { isSent, failure }: { isSent: boolean; failure: Error | undefined },
): Scanned {
  const [said, name] = RESULT.exec(answer) ?? []
  if (name !== undefined) return { result: "found", name }
  if (said !== undefined && isSent) return { result: "clean" }
  const text = answer.replaceAll("\0", " ").trim().slice(0, 200)
  return { result: "none", problem: text || (failure ? messageOf(failure) : "no answer") }
}
