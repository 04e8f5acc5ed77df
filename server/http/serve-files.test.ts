import fs from "node:fs"
import { createServer, request as send } from "node:http"
import { tmpdir } from "node:os"
import path from "node:path"
import { brotliDecompressSync, gunzipSync } from "node:zlib"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { compressScripts } from "#server/build/compress-files.ts"
import { serveFiles } from "./serve-files.ts"

const SCRIPT = `console.log("${"a line ".repeat(200)}")`
const folder = fs.mkdtempSync(path.join(tmpdir(), "lapse-files-"))
fs.mkdirSync(path.join(folder, "chunks"))
fs.writeFileSync(path.join(folder, "chunks/app.js"), SCRIPT)
fs.writeFileSync(path.join(folder, "chunks/app.js.map"), "{}")
fs.writeFileSync(path.join(folder, "type.woff2"), "letters")
compressScripts(folder)
const serve = serveFiles(folder, "/static/")
const server = createServer((request, response) => {
  if (!serve(request.url ?? "", request, response)) response.writeHead(404).end("another")
})

beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)))
afterAll(() => {
  server.close()
  fs.rmSync(folder, { recursive: true })
})

function ask(path: string, accepted: string, method = "GET") {
  const address = server.address()
  const port = typeof address === "object" && address ? address.port : 0
  const headers = { "accept-encoding": accepted }
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer }>(
    (resolve, reject) => {
      send({ port, host: "127.0.0.1", path, method, headers, agent: false }, async (response) =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(await response.toArray()),
        }),
      )
        .once("error", reject)
        .end()
    },
  )
}

describe("serveFiles", () => {
  it.each([
    ["gzip, deflate, br, zstd", "br", brotliDecompressSync],
    ["gzip, deflate", "gzip", gunzipSync],
    ["gzip, br;q=0", "gzip", gunzipSync],
    ["identity", undefined, (body: Buffer) => body],
  ])(
    "sends a script to a browser that takes %s as %s, to be kept for good",
    async (accepted, coding, decode) => {
      const { status, headers, body } = await ask("/static/chunks/app.js", accepted)

      expect(status).toBe(200)
      expect(headers).toMatchObject({
        "content-type": "text/javascript; charset=utf-8",
        "cache-control": "public, max-age=31536000, immutable",
        vary: "Accept-Encoding",
        "content-length": String(body.length),
      })
      expect(headers["content-encoding"]).toBe(coding)
      expect(decode(body).toString()).toBe(SCRIPT)
    },
  )

  it("answers HEAD with the same headers and no body", async () => {
    const { headers } = await ask("/static/chunks/app.js", "br")
    const head = await ask("/static/chunks/app.js", "br", "HEAD")

    expect(head.body).toHaveLength(0)
    expect(head.headers["content-length"]).toBe(headers["content-length"])
  })

  it("sends a file without compressed copies uncompressed", async () => {
    const { headers, body } = await ask("/static/type.woff2", "br")

    expect(headers).not.toHaveProperty("content-encoding")
    expect(body.toString()).toBe("letters")
  })

  it.each([
    "/static/chunks/app.js.br",
    "/static/chunks/app.js.map",
    "/static/chunks/../chunks/app.js",
    "/static/chunks/%61pp.js",
    "/static/chunks",
    "/static/__proto__",
  ])("leaves %s to others", async (path) => {
    expect((await ask(path, "br")).status).toBe(404)
  })

  it("does not answer other methods", async () => {
    expect((await ask("/static/chunks/app.js", "br", "POST")).status).toBe(404)
  })
})
