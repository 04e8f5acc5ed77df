import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import { mkdirSync } from "node:fs"
import {
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises"
import type { IncomingMessage, ServerResponse } from "node:http"
import net from "node:net"
import path from "node:path"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { anInstallation, fasterTime } from "../testing.ts"
import { get } from "./get.ts"

const NEW = "the new report"
const OLD = "the old report"

let installation: Awaited<ReturnType<typeof anInstallation>>
/** The differences from a working link of one file. */
let lie: (request: IncomingMessage, response: ServerResponse) => unknown

const file = (id: string) => ({
  id,
  name: id === "1" ? "report.txt" : `report-${id}.txt`,
  size: NEW.length,
  sha256: createHash("sha256").update(NEW).digest("hex"),
})

const state = (ids: string[], more = {}) => ({
  files: ids.map((id) => ({ id, status: "ready" })),
  counts: { ready: ids.length },
  ...more,
})

function answer(request: IncomingMessage, response: ServerResponse) {
  const lied = lie(request, response)
  if (lied !== null) return lied
  const { url = "", headers } = request
  if (url.endsWith("/state")) return state(["1"])
  if (url.endsWith("/claim")) return { files: [file("1")] }
  if (url.includes("/d/")) return { url: `http://${headers.host}/object` }
  response.end(url === "/object" ? NEW : "")
  return undefined
}

beforeEach(async () => {
  lie = () => null
  installation = await anInstallation(answer)
})
afterEach(() => installation.remove())

const link = () => `${installation.url}/s/${"A".repeat(32)}`
const into = () => path.join(installation.folder, "in")
const place = () => path.join(into(), "report.txt")
const run = (more = {}) => get.run({ into: into(), force: true, ...more }, [link()])
const claims = () => installation.asked.filter((call) => call.endsWith("/claim"))

describe("lapse get --force", () => {
  it("replaces the old file, and leaves nothing else", async () => {
    await mkdir(into())
    await writeFile(place(), OLD)
    await run()
    expect(await readFile(place(), "utf8")).toBe(NEW)
    expect(await readdir(into())).toEqual(["report.txt"])
  })

  it("does not take the old file for the new one after it could not be replaced", async () => {
    lie = ({ url }) => {
      if (url === "/object") mkdirSync(path.join(place(), "folder"), { recursive: true })
      return null
    }
    await expect(run()).rejects.toThrow("report.txt: it cannot be written here.")

    lie = () => null
    await rm(place(), { recursive: true })
    await writeFile(place(), OLD)
    await run()
    expect(await readFile(place(), "utf8")).toBe(NEW)
  })

  it("replaces regular files alone", async () => {
    await mkdir(into())
    const other = path.join(installation.folder, "other")
    await writeFile(other, OLD)
    await symlink(other, place())
    await expect(run()).rejects.toThrow("report.txt is not a regular file, and is not replaced.")
    expect(await readlink(place())).toBe(other)

    await rm(place())
    execFileSync("mkfifo", [place()])
    await expect(run()).rejects.toThrow("is not a regular file")
    expect((await lstat(place())).isFIFO()).toBe(true)
  })

  it("writes through no link that somebody put in the place of its unfinished file", async () => {
    await mkdir(into())
    const other = path.join(installation.folder, "other")
    await writeFile(other, OLD)
    const part = `.lapse-${createHash("sha256").update("1").digest("hex").slice(0, 16)}`
    await symlink(other, path.join(into(), part))
    await expect(run()).rejects.toThrow("it cannot be written here")
    expect(await readFile(other, "utf8")).toBe(OLD)
  })
})

describe("lapse get --into", () => {
  it("takes a folder, and neither a device nor a socket nor a file, before anything is claimed", async () => {
    await writeFile(place().replace("/in/", "/"), OLD)
    const socket = path.join(installation.folder, "socket")
    const server = net.createServer().listen(socket)
    for (const at of ["/dev/null", socket, path.join(installation.folder, "report.txt")])
      await expect(run({ into: at })).rejects.toThrow("--into DIR takes one.")
    server.close()
    expect(installation.asked).toEqual([])
  })

  it("writes the only file into a pipe", async () => {
    const pipe = path.join(installation.folder, "pipe")
    execFileSync("mkfifo", [pipe])
    const [read] = await Promise.all([readFile(pipe, "utf8"), run({ into: pipe })])
    expect(read).toBe(NEW)
    expect((await stat(pipe)).isFIFO()).toBe(true)
    await run({ into: "-" })
    expect(installation.said.out).toBe(NEW)
  })

  it("claims nothing if a pipe would get several files, or the link only shows them", async () => {
    lie = ({ url }) => (url?.endsWith("/state") ? state(["1", "2"]) : null)
    await expect(run({ into: "-" })).rejects.toMatchObject({ exit: 64 })
    lie = ({ url }) => (url?.endsWith("/state") ? state(["1"], { viewOnly: true }) : null)
    await expect(run()).rejects.toMatchObject({ exit: 66 })
    expect(claims()).toEqual([])
  })
})

describe("lapse get gives up after two minutes without a byte, says once that it waits", () => {
  const gaveUp = async () => {
    vi.resetModules() // Each call is a process of its own, which says once that it waits.
    const { get } = await import("./get.ts")
    const { result, seconds } = await fasterTime(() => get.run({ into: into() }, [link()]))
    expect(result).toMatchObject({ exit: 69 })
    expect(seconds).toBeLessThan(150)
    expect(seconds).toBeGreaterThan(90)
    expect(installation.said.err.match(/Waits for at most two minutes/g) ?? []).toHaveLength(1)
  }

  it.each([
    ["is stopped", (response: ServerResponse) => response.destroy()],
    ["says nothing", () => {}],
    ["is busy", (response: ServerResponse) => response.writeHead(503).end()],
    [
      "always sends too little",
      (response: ServerResponse) => response.writeHead(200, { "Content-Length": NEW.length }).end(),
    ],
  ])("if the store %s", async (_how, store) => {
    lie = ({ url }, response) => {
      if (url !== "/object") return null
      store(response)
      return undefined
    }
    await gaveUp()
  })

  it("if the installation stops", async () => {
    lie = ({ url }) => {
      if (url?.endsWith("/claim")) setImmediate(installation.stop)
      return null
    }
    await gaveUp()
  })
})

it("lapse get claims as the same visit again after the answer was lost, so that it counts once", async () => {
  const visits: (string | undefined)[] = []
  lie = ({ url = "", headers }, response) => {
    if (/s\/A+$/.test(url)) response.setHeader("Set-Cookie", "lapse-visit=one; HttpOnly")
    if (!url.endsWith("/claim")) return null
    visits.push(headers.cookie)
    return visits.length === 1 ? {} : null
  }
  await expect(run()).rejects.toThrow("What answers is not Lapse")
  await run()
  expect(visits).toEqual(["lapse-visit=one", "lapse-visit=one"])
})

it.each([{}, { files: null }, { files: [null] }, { files: [{ id: 1 }] }])(
  "lapse get says that what answers is not Lapse: %j",
  async (claimed) => {
    lie = ({ url }) => (url?.endsWith("/claim") ? claimed : null)
    await expect(run()).rejects.toThrow("What answers is not Lapse")
  },
)
