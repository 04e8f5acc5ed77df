import { createHash } from "node:crypto"
import { once } from "node:events"
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import http from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { get } from "./get.ts"

const NEW = "the new report"
const OLD = "the old report"

let folder = ""
let link = ""
let installation: http.Server

/** Answers a link of one file, and the store's address of the file. */
function answer(request: http.IncomingMessage, response: http.ServerResponse) {
  const { host } = request.headers
  const sha256 = createHash("sha256").update(NEW).digest("hex")
  const file = { id: "1", name: "report.txt", size: NEW.length, sha256 }
  const json = (value: unknown) => {
    response.setHeader("Content-Type", "application/json")
    response.end(JSON.stringify(value))
  }
  if (request.url?.endsWith("/claim")) return json({ files: [file] })
  if (request.url?.endsWith("/d/1")) return json({ url: `http://${host}/object` })
  response.end(request.url === "/object" ? NEW : "")
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "lapse-get-"))
  vi.stubEnv("XDG_STATE_HOME", path.join(folder, "state"))
  vi.spyOn(process.stdout, "write").mockReturnValue(true)
  installation = http.createServer(answer).listen(0, "127.0.0.1")
  await once(installation, "listening")
  const { port } = installation.address() as AddressInfo // it listens on a port
  link = `http://127.0.0.1:${port}/s/${"A".repeat(32)}`
})

afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  installation.close()
  installation.closeAllConnections()
  await rm(folder, { recursive: true })
})

describe("lapse get --force", () => {
  const into = () => path.join(folder, "in")
  const place = () => path.join(into(), "report.txt")
  const run = () => get.run({ into: into(), force: true }, [link])

  it("replaces the old file, and leaves nothing else", async () => {
    await mkdir(into())
    await writeFile(place(), OLD)
    await run()
    expect(await readFile(place(), "utf8")).toBe(NEW)
    expect(await readdir(into())).toEqual(["report.txt"])
  })

  it("does not take the old file for the new one after it could not be replaced", async () => {
    await mkdir(path.join(place(), "folder"), { recursive: true })
    await expect(run()).rejects.toThrow("report.txt: it cannot be written here.")

    await rm(place(), { recursive: true })
    await writeFile(place(), OLD)
    await run()
    expect(await readFile(place(), "utf8")).toBe(NEW)
  })
})
