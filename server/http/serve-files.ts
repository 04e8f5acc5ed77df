import fs from "node:fs"
import type { IncomingMessage, ServerResponse } from "node:http"
import path from "node:path"

/** Answers a request for a file; returns false if the file does not exist. */
export type ServeFile = (
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
) => boolean

const TYPES: Record<string, string> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".woff2": "font/woff2",
  ".html": "text/html; charset=utf-8",
  ".bcmap": "application/octet-stream",
  ".pfb": "application/octet-stream",
  ".wasm": "application/wasm",
}

type Served = { type: string; encodings: { coding: string | null; bytes: Buffer }[] }

/**
 * Serves the files below a folder from memory, in the smallest compressed form that exists and the
 * browser accepts. File names contain a hash, so browsers cache them permanently.
 */
export function serveFiles(folder: string, prefix: string): ServeFile {
  const files = new Map<string, Served>()
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const type = TYPES[path.extname(name)]
    if (!type) continue
    const file = path.join(folder, name)
    const encodings = [
      { coding: "br", file: `${file}.br` },
      { coding: "gzip", file: `${file}.gz` },
      { coding: null, file },
    ]
    files.set(prefix + name.split(path.sep).join("/"), {
      type,
      encodings: encodings
        .filter((each) => fs.existsSync(each.file))
        .map(({ coding, file }) => ({ coding, bytes: fs.readFileSync(file) })),
    })
  }
  return (path, request, response) => {
    const served = files.get(path)
    if (!served || (request.method !== "GET" && request.method !== "HEAD")) return false
    const chosen = served.encodings.find(
      ({ coding }) => coding === null || acceptsEncoding(request, coding),
    )
    if (!chosen) return false
    const { coding, bytes } = chosen
    response.writeHead(200, {
      "Content-Type": served.type,
      "Content-Length": bytes.length,
      "Cache-Control": "public, max-age=31536000, immutable",
      Vary: "Accept-Encoding",
      ...(coding && { "Content-Encoding": coding }),
    })
    response.end(request.method === "HEAD" ? undefined : bytes)
    return true
  }
}

export const acceptsEncoding = ({ headers }: IncomingMessage, coding: string): boolean =>
  String(headers["accept-encoding"] ?? "")
    .split(",")
    .some((each) => each.trim().split(";")[0] === coding && !/;\s*q=0(\.0*)?\s*$/.test(each))
