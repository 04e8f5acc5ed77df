import type { IncomingMessage } from "node:http"
import type { Socket } from "node:net"

/** The maximum number of requests on a connection that are parsed and not answered. */
const MOST = 8
/** The number of bytes of a body that are parsed before the next search for the end of a head. */
const BODY_PIECE = 1_024
const HEAD_END = Buffer.from("\r\n\r\n")

type Pipeline = {
  readonly socket: Socket
  /** Requests whose answers have not ended. */
  readonly requests: ReadonlySet<IncomingMessage>
  readonly latest?: IncomingMessage
}

/**
 * Ends a connection when more than eight of its requests are unanswered. Node's parser handles a
 * whole read of 64 KiB before other code runs. It makes a request and a response of every head in
 * it, up to 3,600. Neither `pause` nor `destroy` stops it. So the socket passes on what it reads in
 * pieces, with as many heads as may be answered. Blank lines in a body look like the end of a head,
 * and a head after a body is not searched for in the same 1 KiB. So up to 65 requests are parsed in
 * the worst case.
 */
export function boundPipelining(pipeline: Pipeline) {
  const { socket, requests } = pipeline
  const push = socket.push
  /** The number of heads kept by a paused socket, which are parsed at once when it resumes. */
  let kept = 0
  // Without a listener for data, Node's parser reads from the handle and `push` is not called.
  socket.on("data", () => {})
  socket.push = (chunk: Buffer | null, encoding) => {
    if (chunk === null) return push.call(socket, chunk, encoding)
    let wantsMore = true
    for (let start = 0; start < chunk.length && !socket.destroyed; ) {
      const isKept = socket.readableLength > 0
      if (!isKept) kept = 0
      const isBody = !isKept && pipeline.latest?.complete === false
      const left = isBody ? 1 : MOST - requests.size - kept
      if (left <= 0 || requests.size > MOST) {
        socket.destroy()
        return false
      }
      const { end, heads } = cut(chunk, isBody ? start + BODY_PIECE : start, left)
      wantsMore = push.call(socket, chunk.subarray(start, end), encoding)
      kept += heads
      start = end
    }
    return wantsMore
  }
}

/** Returns the end of a piece with at most this number of heads, and how many it has. */
function cut(chunk: Buffer, from: number, most: number) {
  let heads = 0
  let end = from
  while (heads < most && end < chunk.length) {
    const at = chunk.indexOf(HEAD_END, end)
    if (at === -1) end = chunk.length
    else {
      end = at + HEAD_END.length
      heads += 1
    }
  }
  return { end: Math.min(end, chunk.length), heads }
}
