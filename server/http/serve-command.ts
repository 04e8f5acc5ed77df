import { createHash } from "node:crypto"
import fs from "node:fs"
import type { ServeFile } from "./serve-files.ts"

export const COMMAND_PATHS = ["/cli", "/cli.sha256"]

/**
 * Serves the command of this version, and its SHA-256 in the form of `sha256sum`. A browser that
 * opens its address gets the page app/cli.
 */
export function serveCommand(file: string): ServeFile {
  const script = fs.readFileSync(file)
  const digest = createHash("sha256").update(script).digest("hex")
  const answers: Record<string, { type: string; bytes: Buffer }> = {
    "/cli": { type: "text/javascript; charset=utf-8", bytes: script },
    "/cli.sha256": { type: "text/plain; charset=utf-8", bytes: Buffer.from(`${digest}  lapse\n`) },
  }
  return (path, request, response) => {
    const found = answers[path]
    if (!found) return false
    if (path === "/cli") response.setHeader("Vary", "Accept")
    if (path === "/cli" && request.headers.accept?.includes("text/html")) return false
    const etag = `"${digest.slice(0, 32)}"`
    const isKnown = request.headers["if-none-match"] === etag
    response.writeHead(isKnown ? 304 : 200, {
      ETag: etag,
      "Cache-Control": "no-cache",
      ...(!isKnown && { "Content-Type": found.type, "Content-Length": found.bytes.length }),
      ...(path === "/cli" && { "Content-Disposition": 'attachment; filename="lapse"' }),
    })
    response.end(isKnown || request.method === "HEAD" ? undefined : found.bytes)
    return true
  }
}
