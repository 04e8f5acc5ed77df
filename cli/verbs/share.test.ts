import { mkdir, symlink, writeFile } from "node:fs/promises"
import type { IncomingHttpHeaders } from "node:http"
import path from "node:path"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { anInstallation, fasterTime } from "../testing.ts"
import { share } from "./share.ts"
import { list, revoke, show } from "./shares.ts"

const SCOPES = ["files:read", "files:write", "shares:read", "shares:write"]

let installation: Awaited<ReturnType<typeof anInstallation>>
let lie: (call: string, headers: IncomingHttpHeaders) => unknown
/** The bodies of the shares that were made. */
let made: { fileIds: string[]; password?: string }[]
let uploaded: string[]
/** Names that different files have. */
let taken: string[]
type NewFile = { name: string; replaces?: string }

const aShare = (id: string) => ({
  id,
  url: `https://files.example.com/s/${id}`,
  title: "Report",
  status: "open",
  expiresAt: null,
  maxDownloads: null,
  hasPassword: false,
  views: 0,
  downloads: 0,
  exposedUntil: null,
  cutOff: null,
})

const aLink = (address: string) => ({
  ...{ id: `link-${address}`, name: "", address, url: `https://files.example.com/s/${address}` },
  ...{ downloads: 0, openedAt: null, revokedAt: null, exposedUntil: null, cutOff: null },
  mail: null,
})

beforeEach(async () => {
  lie = () => null
  made = []
  uploaded = []
  taken = []
  installation = await anInstallation(async (request) => {
    const call = `${request.method} ${request.url?.replace("/api/v1", "")}`
    let body = ""
    for await (const bytes of request) body += bytes
    const lied = lie(call, request.headers)
    if (lied !== null) return lied
    if (call === "GET /me") return { scopes: SCOPES }
    if (call.startsWith("GET /files?")) return { items: [], nextCursor: null }
    if (call === "POST /files/batch") {
      return {
        items: JSON.parse(body).files.map(({ name, replaces }: NewFile) => {
          if (taken.includes(name) && replaces !== `old-${name}`)
            return { problem: { status: 409, title: "taken" }, file: { id: `old-${name}` } }
          uploaded.push(name)
          const upload = { method: "put", url: `${installation.url}/object`, headers: {} }
          return { file: { id: `id-${name}` }, upload }
        }),
      }
    }
    if (call.startsWith("GET /files/")) return { id: call.slice(11), status: "ready" }
    if (call === "POST /shares") {
      made.push(JSON.parse(body))
      return aShare(`share-${made.length}`)
    }
    if (call.includes("/links")) return { items: [], nextCursor: null }
    if (call.startsWith("GET /shares/")) return aShare(call.slice(12))
    return { id: "id" }
  })
  await writeFile(path.join(installation.folder, "report.txt"), "report")
})
afterEach(() => installation.remove())

const report = () => path.join(installation.folder, "report.txt")
const run = (options = {}) => share.run(options, [report()])

async function passwordFile(password: string) {
  const file = path.join(installation.folder, password)
  await writeFile(file, password)
  return { "password-file": file }
}

describe("lapse share", () => {
  it("goes on with an interrupted share only under the same conditions, and says so", async () => {
    const [first, second] = [await passwordFile("first"), await passwordFile("second")]
    const interrupt = (call: string) => (call.startsWith("GET /shares/") ? {} : null)
    lie = interrupt
    await expect(run(first)).rejects.toThrow()

    lie = () => null
    await run(second)
    expect(made.map(({ password }) => password)).toEqual(["first", "second"])
    expect(installation.said.out).toBe("https://files.example.com/s/share-2\n")
    expect(installation.said.err).toContain("made https://files.example.com/s/share-1")
    await run(first)
    expect(made).toHaveLength(2)
    expect(installation.said.out).toContain("/s/share-1\n")
    expect(uploaded).toEqual(["report.txt"])
  })

  it("refuses a different file of the same name, unless it is told what to do", async () => {
    await writeFile(path.join(installation.folder, "notes.txt"), "notes")
    const both = (options = {}) =>
      share.run(options, [report(), path.join(installation.folder, "notes.txt")])
    taken = ["report.txt"]
    await expect(both()).rejects.toMatchObject({ exit: 1 })
    expect(installation.said.err).toContain("report.txt: A different file has this name. Say --rep")
    expect(made).toEqual([])

    await both({ skip: true })
    await both({ "keep-both": true })
    await both({ replace: true })
    expect(made.map(({ fileIds }) => fileIds)).toEqual([
      ["id-notes.txt"],
      ["id-report (2).txt", "id-notes.txt"],
      ["id-report.txt", "id-notes.txt"],
    ])
    await expect(share.run({ skip: true }, [report()])).rejects.toMatchObject({ exit: 66 })
    await expect(both({ skip: true, replace: true })).rejects.toMatchObject({ exit: 64 })
  })

  it("gives people links of their own, and says who got a mail and who was refused", async () => {
    const link = (address: string, mail: object | null) => ({ ...aLink(address), mail })
    const items = [
      { link: link("pia@example.org", { state: "queued" }) },
      { link: link("otto@example.org", null) },
      { problem: { code: "conflict", title: "has a link" } },
      { problem: { code: "invalid", title: "recipient: no address", field: "recipient" } },
    ]
    lie = (call) => (call.endsWith("/links/batch") ? { items } : null)
    const to = ["pia@example.org, otto@example.org", "again@example.org; no@"]
    await expect(run({ to, verify: true })).rejects.toMatchObject({
      exit: 1,
      message: "no@: no address",
    })
    expect(made).toMatchObject([{ openLink: false }])
    expect(installation.said.err).toContain("Mailed to pia@example.org.")
    expect(installation.said.err).toContain(
      "otto@example.org: https://files.example.com/s/otto@example.org",
    )
    await expect(run({ verify: true })).rejects.toMatchObject({ exit: 64 })

    const deletesAt = "2027-01-05T02:43:00Z"
    lie = (call) =>
      call.includes("/links")
        ? { items: [items[0]?.link], nextCursor: null }
        : call.startsWith("GET /files?share=0199f3a4-0000-7000-8000-000000000001")
          ? { items: [{ deletesAt: null }, { deletesAt }], nextCursor: null }
          : null
    await show.run({}, ["0199f3a4-0000-7000-8000-000000000001"])
    expect(installation.said.out).toContain("https://files.example.com/s/pia@example.org")
    expect(installation.said.out).toContain("not opened")
    expect(installation.said.out).toContain(`files are deleted from ${deletesAt} on`)
  })

  it("sends to people whose address was mended, each list of them once", async () => {
    const items = [{ problem: { code: "invalid", title: "no address" } }]
    const keys: unknown[] = []
    lie = (call, { "idempotency-key": key }) => {
      if (call.endsWith("/links/batch")) keys.push(key)
      return call.endsWith("/links/batch") ? { items } : null
    }
    for (const to of ["no@", "no@", "no@example.org"])
      await expect(run({ to: [to] })).rejects.toMatchObject({ exit: 1 })
    expect(made).toHaveLength(1)
    expect(keys[0]).toBe(keys[1])
    expect(keys[0]).not.toBe(keys[2])
  })

  it("says the id of a share that has no link for anyone", async () => {
    const only = { ...aShare("share-1"), url: null }
    lie = (call) => {
      if (call === "POST /shares" || call.startsWith("GET /shares/")) return only
      return call.startsWith("GET /shares?") ? { items: [only], nextCursor: null } : null
    }
    await run()
    await list.run({}, [])
    expect(installation.said.out.match(/no link for anyone \(share-1\)/g)).toHaveLength(2)
  })

  it("finds a share by the link of a recipient, and ends that link alone", async () => {
    const pia = aLink("pia@example.org")
    const query = encodeURIComponent(pia.url)
    lie = (call) => {
      if (call === `GET /shares?q=${query}`) return { items: [aShare("share-1")], nextCursor: null }
      if (call.endsWith("/revoke")) return call.includes("/links/") ? pia : aShare("share-1")
      return call.includes("/links") ? { items: [aLink("bo@x.org"), pia], nextCursor: null } : null
    }
    await show.run({}, [pia.url])
    expect(installation.said.out).toContain("https://files.example.com/s/share-1\n")
    await revoke.run({}, [pia.url])
    expect(installation.asked.filter((call) => call.startsWith("POST"))).toEqual([
      "POST /api/v1/shares/share-1/links/link-pia%40example.org/revoke",
    ])
  })

  it("uploads nothing with a token that lacks a scope", async () => {
    lie = (call) => (call === "GET /me" ? { scopes: SCOPES.slice(0, 2) } : null)
    await expect(run()).rejects.toMatchObject({
      exit: 77,
      message: "The token lacks these scopes: shares:read, shares:write.",
    })
    expect(installation.asked).toEqual(["GET /api/v1/me"])
  })

  it("waits two minutes for an installation that restarts, and ends with words of its own", async () => {
    const words = "Lapse is starting. This page opens automatically in a moment."
    installation.answerWith(503, { code: "starting", title: words, status: 503 })
    const { result, seconds } = await fasterTime(run)
    expect(result).toMatchObject({
      exit: 69,
      message: "The installation or its store does not answer. Try again later.",
    })
    expect(seconds).toBeGreaterThan(90)
    expect(seconds).toBeLessThan(150)
    expect(installation.said.err).not.toContain("page")
  })

  it("sends what links lead to, and names those that lead nowhere or back", async () => {
    const at = (...names: string[]) => path.join(installation.folder, "dist", ...names)
    await mkdir(at("v1"), { recursive: true })
    await writeFile(at("v1", "app"), "app")
    await symlink("v1", at("current"))
    await symlink("v1/app", at("app"))
    await symlink("gone", at("broken"))
    await symlink("itself", at("itself"))
    await symlink("../..", at("v1", "up"))

    await share.run({}, [at()])
    expect(uploaded.sort()).toEqual(["app", "app", "app"])
    expect(installation.said.err.split("\n").sort().slice(-4)).toEqual([
      `Left out: ${at("broken")} is a link that leads nowhere.`,
      expect.stringMatching(/^Left out: .*current\/up leads back to /),
      `Left out: ${at("itself")} is a link that leads nowhere.`,
      expect.stringMatching(/^Left out: .*v1\/up leads back to /),
    ])
  })

  it.each([
    ["POST /files/batch", { items: [null] }],
    ["POST /files/batch", { items: "all" }],
    ["POST /files/batch", { items: [{ file: { id: "1" }, upload: { method: "multipart" } }] }],
    ["POST /shares", { id: 1 }],
    ["GET /me", { scopes: "all" }],
  ])("says that what answers is not Lapse: %s %j", async (lying, answer) => {
    lie = (call) => (call === lying ? answer : null)
    await run().catch((error) => process.stderr.write(error.message))
    expect(installation.said.err).toContain("What answers is not Lapse")
  })
})

describe("the installation that a command uses", () => {
  it("gets no token that was given without its address", async () => {
    vi.stubEnv("LAPSE_URL", "")
    await expect(list.run({}, [])).rejects.toMatchObject({ exit: 64 })
    vi.stubEnv("LAPSE_TOKEN", "")
    vi.stubEnv("LAPSE_TOKEN_FILE", report())
    await expect(list.run({}, [])).rejects.toThrow("A token needs LAPSE_URL")
    expect(installation.asked).toEqual([])
  })

  it("needs no configuration if the environment names it", async () => {
    const config = path.join(installation.folder, "config")
    await mkdir(path.join(config, "lapse/installations.json"), { recursive: true })
    await show.run({}, ["01a23443-de59-70af-840f-b7ece2b3e2a4"])
    expect(installation.said.out).toContain("Report\n")
    vi.stubEnv("LAPSE_TOKEN", "")
    await expect(list.run({}, [])).rejects.toThrow("installations.json cannot be read (EISDIR).")
  })
})

describe("a list", () => {
  it("ends when its cursor comes again", async () => {
    lie = () => ({ items: [aShare("one")], nextCursor: "next" })
    await list.run({ json: true }, [])
    expect(installation.said.out.split("\n")).toHaveLength(3)
    await expect(revoke.run({}, ["https://files.example.com/s/other"])).rejects.toThrow()
  })

  it.each([{}, { items: {} }, { items: [{ id: "one" }] }])(
    "of something else than shares is refused: %j",
    async (answer) => {
      lie = () => answer
      await expect(list.run({}, [])).rejects.toThrow("What answers is not Lapse")
    },
  )
})
