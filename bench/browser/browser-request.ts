import http from "node:http"
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib"

/** The user agent of a common browser: a fetch of a page with it counts as a view. */
export const USER_AGENT =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"

/** The headers that Chromium sends for an address opened for the first time, without cookies. */
export const DOCUMENT_HEADERS = {
  "Upgrade-Insecure-Requests": "1",
  "User-Agent": USER_AGENT,
  Accept:
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8",
  "Sec-Fetch-Site": "none",
  "Sec-Fetch-Mode": "navigate",
  "Sec-Fetch-User": "?1",
  "Sec-Fetch-Dest": "document",
  "Accept-Encoding": "gzip, deflate, br, zstd",
  "Accept-Language": "en-GB,en;q=0.9",
}

/** The bytes of an HTTP request without a body. */
export function requestText(line: string, headers: Record<string, string>) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return [`${line} HTTP/1.1`, ...lines, "\r\n"].join("\r\n")
}

/**
 * Sends a GET as a browser without cookies does. `body` is decoded, `sentBytes` its size before.
 */
export async function fetchAsBrowser(url: string) {
  const answer = Promise.withResolvers<http.IncomingMessage>()
  // fetch() would decode the body and lose its size as sent.
  http.get(url, { headers: DOCUMENT_HEADERS }, answer.resolve).once("error", answer.reject)
  const response = await answer.promise
  const sent = Buffer.concat(await response.toArray())
  const encoding = response.headers["content-encoding"] ?? ""
  return {
    status: response.statusCode ?? 0,
    body: decode(sent, encoding),
    sentBytes: sent.length,
    encoding,
  }
}

function decode(bytes: Buffer, encoding: string) {
  switch (encoding) {
    case "":
      return bytes
    case "gzip":
      return gunzipSync(bytes)
    case "br":
      return brotliDecompressSync(bytes)
    case "zstd":
      return zstdDecompressSync(bytes)
    default:
      throw new Error(`The server chose ${encoding}, which the request does not accept.`)
  }
}
