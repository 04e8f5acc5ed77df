import type { IncomingMessage } from "node:http"

/** The requested path, without the query. */
export function pathOf({ url = "/" }: IncomingMessage) {
  const end = url.indexOf("?")
  return end < 0 ? url : url.slice(0, end)
}

/** Whether a request names a server action. There are none, and Next would log a stack. */
export const asksForAction = ({ headers }: IncomingMessage) =>
  headers["next-action"] !== undefined ||
  /^multipart\/form-data/i.test(headers["content-type"] ?? "")

/** Whether a request has two Host headers: a proxy may use either (RFC 9112, section 3.2). */
export const hasTwoHosts = ({ rawHeaders }: IncomingMessage) =>
  rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === "host").length > 1
