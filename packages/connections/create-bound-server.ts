import {
  createServer,
  type RequestListener,
  type Server,
  type ServerOptions,
  ServerResponse,
} from "node:http"
import { boundConnections, type ConnectionBounds } from "./bound-connections.ts"

type Listeners = {
  request: RequestListener
  /** Called instead for `Expect: 100-continue`. */
  checkContinue: RequestListener
}

/**
 * Creates an HTTP server that limits its open connections, those of one client, and the unanswered
 * requests of a connection. The listeners are not called for a connection that a limit ended.
 */
export function createBoundServer(
  options: ServerOptions,
  bounds: ConnectionBounds,
  { request, checkContinue }: Listeners,
): Server {
  const { accept, follow } = boundConnections(bounds)
  /** Follows responses from their creation: Node refuses some requests without an event. */
  class FollowedResponse extends ServerResponse {
    constructor(...args: ConstructorParameters<typeof ServerResponse>) {
      super(...args)
      follow(args[0], this)
    }
  }
  return createServer({ ...options, ServerResponse: FollowedResponse }, onceRead(request))
    .on("checkContinue", onceRead(checkContinue))
    .on("connection", accept)
}

/** Delays a listener until all requests of one read from the socket are parsed and followed. */
function onceRead(listener: RequestListener): RequestListener {
  return (request, response) =>
    queueMicrotask(() => {
      if (!request.socket.destroyed) listener(request, response)
    })
}
