import type { IncomingMessage, ServerResponse } from "node:http"
import { hasBody } from "./bounded-body.ts"

/** How long a client may read nothing of its answer, or send nothing of its body. */
export const STALLED_MS = 30_000

/**
 * Ends the connection when the client stops reading the answer or sending its body. Node counts any
 * bytes that the network takes as activity, and ends a request that is not complete after five
 * minutes. An answer that is still being produced has nothing unsent and stays.
 */
export function dropStalled(request: IncomingMessage, response: ServerResponse, ms: number) {
  const { socket } = request
  response.setTimeout(ms, () => {
    if (socket.writableLength > 0 || (hasBody(request) && !request.complete)) socket.destroy()
  })
}
