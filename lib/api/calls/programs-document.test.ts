import { execFile, spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"
import { promisify } from "node:util"
import { NextRequest } from "next/server"
import { expect, it } from "vitest"
import { DELETE, GET, PATCH, POST } from "#app/api/v1/[...path]/route.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { aToken } from "#testing/builders/a-token.ts"

const HANDLERS: Record<string, typeof GET> = { GET, POST, PATCH, DELETE }
const hasTools = ["bash", "curl", "jq"].every((tool) => spawnSync(tool, ["--version"]).status === 0)

/** The first shell script of docs/programs.md, for another address and token. */
function commandsOf(url: string, token: string) {
  const page = readFileSync(path.join(import.meta.dirname, "../../../docs/programs.md"), "utf8")
  const script = /```sh\n(.*?)```/s.exec(page)?.[1] ?? ""
  return script.replace("http://localhost:3000", url).replace("lapse_…", token)
}

async function requestOf(incoming: IncomingMessage, url: string) {
  const body = Buffer.concat(await incoming.toArray())
  const headers = new Headers(incoming.headers as Record<string, string>)
  const method = incoming.method ?? "GET"
  return new NextRequest(new URL(incoming.url ?? "/", url), {
    method,
    headers,
    ...(body.length > 0 && { body }),
  })
}

it.runIf(hasTools)(
  "docs/programs.md leads from a file to a link, word by word",
  { timeout: 120_000 },
  async () => {
    const { token } = await aToken(await aMember(), ["files:write", "shares:write"])
    const server = createServer(async (incoming, outgoing) => {
      const request = await requestOf(incoming, "http://localhost:3000")
      const answer = await HANDLERS[request.method]?.(request)
      outgoing.statusCode = answer?.status ?? 405
      outgoing.end(await answer?.text())
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const { port } = server.address() as AddressInfo
    const cwd = mkdtempSync(path.join(tmpdir(), "lapse-tokens-"))
    try {
      const commands = commandsOf(`http://127.0.0.1:${port}`, token)
      const { stdout } = await promisify(execFile)("bash", ["-c", commands], { cwd })
      expect(stdout).toContain('"status":"ready"')
      expect(stdout.trim().split("\n").at(-1)).toMatch(/^http:\/\/localhost:3000\/s\/[\w-]{32}$/)
    } finally {
      server.close()
      rmSync(cwd, { recursive: true })
    }
  },
)
