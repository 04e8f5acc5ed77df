import type { IncomingMessage } from "node:http"
import type { Duplex } from "node:stream"

const answer = (status: string, header = "") =>
  `HTTP/1.1 ${status}\r\n${header}Connection: close\r\nContent-Length: 0\r\n\r\n`

const NO_METHOD = answer("405 Method Not Allowed", "Allow: GET, HEAD, POST, PATCH, DELETE\r\n")

/** Answers CONNECT, which asks for a tunnel; Node would only close the connection. */
export function refuseConnect(_request: IncomingMessage, socket: Duplex) {
  socket.on("error", () => {})
  socket.end(NO_METHOD)
  socket.resume()
}

const ANSWERS: Record<string, string> = {
  HPE_INVALID_METHOD: NO_METHOD,
  HPE_HEADER_OVERFLOW: answer("431 Request Header Fields Too Large"),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: answer("413 Payload Too Large"),
  ERR_HTTP_REQUEST_TIMEOUT: answer("408 Request Timeout"),
}

/**
 * Answers requests that Node cannot parse as HTTP. It does what Node does by default, but answers
 * unknown methods with 405. If an answer has begun on the connection, nothing is written.
 */
export function refuseUnreadable(error: Error & { code?: string }, socket: Duplex) {
  const begun = "_httpMessage" in socket && isSent(socket._httpMessage)
  if (!socket.writable || begun || error.code === "ECONNRESET") return socket.destroy()
  socket.end(ANSWERS[error.code ?? ""] ?? answer("400 Bad Request"), () => socket.destroy())
}

const isSent = (message: unknown) =>
  typeof message === "object" && message !== null && "headersSent" in message && message.headersSent
