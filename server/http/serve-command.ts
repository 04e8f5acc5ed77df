import { createHash } from "node:crypto"
import fs from "node:fs"
import { escapeHtml } from "#lib/adapters/text/plain-text.ts"
import { htmlPage } from "#lib/web/plain-page.ts"
import type { ServeFile } from "./serve-files.ts"

export const COMMAND_PATHS = ["/cli", "/cli.sha256"]

/**
 * Serves the command of this version, and its SHA-256 in the form of `sha256sum`. A browser that
 * opens its address gets a page with the lines that install it.
 */
export function serveCommand(file: string, { origin }: URL): ServeFile {
  const page = installPage(origin)
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
    if (path === "/cli" && request.headers.accept?.includes("text/html")) {
      response.writeHead(200, page.headers)
      response.end(request.method === "HEAD" ? undefined : page.body)
      return true
    }
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

const installPage = (origin: string) =>
  htmlPage({
    title: "The command",
    style:
      "header,main{max-width:46rem}pre{overflow-x:auto;padding:.75rem 1rem;border:1px solid var(--line);border-radius:.5rem}",
    main: `<h1>The command</h1>
<p>It shares, downloads and sends files from a terminal. It’s one file and needs Node 20 or newer.
These lines install it and sign it in:</p>
<pre tabindex="0"><code>${escapeHtml(`curl -fsSL ${origin}/cli -o lapse && chmod +x lapse
curl -fsSL ${origin}/cli.sha256 | sha256sum --check
./lapse login ${origin}`)}</code></pre>
<p><code>./lapse --help</code> says what it can do. Programs can also <a href="/api">call the API</a>.</p>`,
  })
