import type { IncomingMessage, ServerResponse } from "node:http"

/** A client that takes no byte of its answer for so long is dropped. */
export const STALLED_MS = 30_000

/**
 * Ends the connection when the client stops to take the answer. Node counts bytes that the network
 * takes as activity, however few. An answer that is still being made, or that waits for news to
 * send, has nothing unsent and stays.
 */
export function dropStalled({ socket }: IncomingMessage, response: ServerResponse, ms: number) {
  response.setTimeout(ms, () => {
    if (socket.writableLength > 0) socket.destroy()
  })
}
