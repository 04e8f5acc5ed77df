import type { IncomingMessage, ServerResponse } from "node:http"
import { hasBody } from "./bounded-body.ts"

/** A client that takes no byte of its answer, or sends none of its body, for so long is dropped. */
export const STALLED_MS = 30_000

/**
 * Ends the connection when the client stops to take the answer or to send its body. Node counts
 * bytes that the network takes as activity, however few; it ends a request that is not whole after
 * five minutes. An answer that is still being made, or that waits for news to send, has nothing
 * unsent and stays.
 */
export function dropStalled(request: IncomingMessage, response: ServerResponse, ms: number) {
  const { socket } = request
  response.setTimeout(ms, () => {
    if (socket.writableLength > 0 || (hasBody(request) && !request.complete)) socket.destroy()
  })
}
