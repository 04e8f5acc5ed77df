import { randomBytes, randomUUID } from "node:crypto"
import { createServer, type Server } from "node:http"
import { type AddressInfo, connect } from "node:net"
import { setTimeout } from "node:timers/promises"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { db, pool } from "#lib/adapters/database.ts"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"
import { importedHashes } from "#lib/adapters/secrets.ts"
import { hashPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import { lookForOldLinks } from "#lib/rooms/claims/old-links/known-old-links.ts"
import { sendAnswer, visitorRequest } from "#server/http/visitor/serve-visitor.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { countsOf } from "#testing/builders/counts-of.ts"
import { future, past } from "#testing/units.ts"
import { VISITOR_ASSETS } from "#testing/visitors/visitor-assets.ts"
import { createVisitor } from "./answer.ts"

const CHROME =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
const PERSON = { "User-Agent": CHROME, Accept: "text/html,*/*;q=0.8", "Sec-Fetch-Dest": "document" }

let server: Server
let origin: string
/** Paths of requests whose clients have disconnected. */
const leaving = new Set<string>()

beforeAll(async () => {
  const answer = createVisitor(VISITOR_ASSETS)
  server = createServer(async (request, response) => {
    const path = (request.url ?? "").split("?")[0] ?? ""
    const clientAddress = String(request.headers["x-test-address"] ?? "192.0.2.7")
    const storeOrigin = "https://store.example.org"
    const context = { path, nonce: "nonce", clientAddress, storeOrigin }
    const asked = visitorRequest(request, response, context)
    if (leaving.has(path)) asked.isGone = () => true
    await sendAnswer(request, response, await answer(asked))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

type Asked = { method?: string; headers?: Record<string, string>; body?: string | URLSearchParams }

const ask = (path: string, init: Asked = {}) =>
  fetch(`${origin}${path}`, { redirect: "manual", ...init })

/** A minimal browser that keeps its cookies. */
function aBrowser(headers: Record<string, string> = PERSON) {
  const jar = new Map<string, string>()
  const go = async (path: string, init: Asked = {}) => {
    const Cookie = [...jar].map((pair) => pair.join("=")).join("; ")
    const response = await ask(path, { ...init, headers: { ...headers, Cookie, ...init.headers } })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = "", rest = ""] = /^([^=]+)=([^;]*);(.*)$/.exec(cookie) ?? []
      if (/Max-Age=0\b/.test(rest)) jar.delete(name)
      else jar.set(name, value)
    }
    return response
  }
  return {
    go,
    jar,
    post: (path: string, init: Asked = {}) => go(path, { method: "POST", ...init }),
  }
}

const page = (link: { token: string }) => `/s/${link.token}`
const download = (link: { token: string; fileId: string }) => `/s/${link.token}/d/${link.fileId}`

/** Bytes of the heap that are still referenced. */
function heldBytes() {
  setFlagsFromString("--expose-gc")
  runInNewContext("gc")()
  return process.memoryUsage().heapUsed
}

describe("the page", () => {
  it("has its status before rendering", async () => {
    const { token } = await aLink()
    const altered = (token[0] === "A" ? "B" : "A") + token.slice(1)

    expect((await ask(`/s/${token}`)).status).toBe(200)
    expect((await ask(`/s/${altered}`)).status).toBe(404)
    expect((await ask(page(await aLink({ revokedAt: past() })))).status).toBe(410)
    expect((await ask(page(await aLink({ expiresAt: past() })))).status).toBe(410)
    expect((await ask(page(await aLink({ maxDownloads: 1, downloads: 1 })))).status).toBe(410)
    expect((await ask(page(await aLink({ startsAt: future() })))).status).toBe(200)
    const head = await ask(page(await aLink({ revokedAt: past() })), { method: "HEAD" })
    expect([head.status, head.headers.get("content-type")]).toEqual([
      410,
      "text/html; charset=utf-8",
    ])
  })

  it("counts a person's document as a view, and nothing else", async () => {
    const link = await aLink()
    const as = (headers: Record<string, string>, method = "GET") =>
      ask(page(link), { method, headers: { ...PERSON, ...headers } })

    await as({})
    expect(await countsOf(link.shareId)).toMatchObject({ views: 1, botViews: 0, downloads: 0 })
    await as({ "Sec-Fetch-Dest": "empty" })
    await as({ "Sec-Fetch-Dest": "iframe" })
    await as({ Accept: "application/json" })
    expect(await countsOf(link.shareId)).toMatchObject({ views: 1, botViews: 0, downloads: 0 })
    await as({ "Sec-Purpose": "prefetch;prerender" })
    await as({ Purpose: "prefetch" })
    await as({ "User-Agent": "Slackbot-LinkExpanding 1.0" })
    await as({ "User-Agent": "curl/8.14" })
    await as({}, "HEAD")
    expect(await countsOf(link.shareId)).toMatchObject({ views: 1, botViews: 5, downloads: 0 })
  })

  it("counts no view of a page that does not open", async () => {
    const link = await aLink({ revokedAt: new Date() })
    await ask(page(link), { headers: PERSON })
    await ask(page(link), { headers: { "User-Agent": "Slackbot" } })

    expect(await countsOf(link.shareId)).toMatchObject({ views: 0, botViews: 0, downloads: 0 })
  })

  it("stores a coarse user agent, the referrer's host and a hash, and no address", async () => {
    const link = await aLink()
    const Referer = "https://mail.example.com/inbox?secret=1"
    await ask(page(link), { headers: { ...PERSON, Referer } })
    await ask(page(link), { headers: { ...PERSON, Referer: `http://localhost:3000${page(link)}` } })

    const events = await db.event.findMany({ orderBy: { at: "asc" } })
    expect(events[0]).toMatchObject({
      kind: "view",
      agent: "Chrome on Linux",
      referrer: "mail.example.com",
    })
    expect(events[0]?.visitor).toHaveLength(16)
    expect(events[1]).toMatchObject({ visitor: events[0]?.visitor, referrer: null })
  })

  it("counts no view for the GET after the app's redirect, and one for the following reload", async () => {
    const link = await aLink({ maxDownloads: 2, files: ["a", "b"] })
    const browser = aBrowser()
    await browser.go(page(link))
    const back = await browser.go(download(link))
    expect([back.status, back.headers.get("location")]).toEqual([303, page(link)])

    await browser.go(page(link))
    expect((await countsOf(link.shareId)).views).toBe(1)
    await browser.go(page(link))
    expect((await countsOf(link.shareId)).views).toBe(2)
  })
})

describe("an address below /s/", () => {
  it.each(["/s/%ff", "/s/a;Domain=x", "/s/", "/s/x/y/z", `/s/${"A".repeat(32)}`, "/s/..%2f"])(
    "%s is 404 by any method, and sets no cookie",
    async (path) => {
      for (const method of ["GET", "HEAD", "POST", "PUT"]) {
        const answer = await ask(path, { method })
        expect([answer.status, answer.headers.getSetCookie()]).toEqual([
          // The page of a link accepts only GET and HEAD, whatever its token.
          /^\/s\/[^/]+$/.test(path) && !["GET", "HEAD"].includes(method) ? 405 : 404,
          [],
        ])
      }
    },
  )

  it("without a resource is 404 also for a known link", async () => {
    const link = await aLink()
    for (const path of ["/other", "/d", "/unlock/x", "/__proto__", "/constructor", "/claim/"]) {
      const answer = await ask(`/s/${link.token}${path}`, { headers: PERSON })
      expect([path, answer.status]).toEqual([path, 404])
      expect(await answer.text()).toContain("Link not found")
    }
    const slash = await ask(`/s/${link.token}/`)
    expect([slash.status, slash.headers.get("location")]).toEqual([308, page(link)])
  })

  it("answers the methods it has, and says which", async () => {
    const link = await aLink()
    for (const [path, method, allowed] of [
      [page(link), "POST", "GET, HEAD"],
      [page(link), "DELETE", "GET, HEAD"],
      [`${page(link)}/state`, "POST", "GET, HEAD"],
      [download(link), "PUT", "GET, HEAD, POST"],
    ] as const) {
      const answer = await ask(path, { method })
      expect([answer.status, answer.headers.get("allow")]).toEqual([405, allowed])
    }
    expect(await countsOf(link.shareId)).toMatchObject({ views: 0, botViews: 0, downloads: 0 })
  })

  it("ignores Next's headers and parameters in its answers and counts", async () => {
    const link = await aLink()
    const plain = await (await ask(page(link), { headers: PERSON })).text()
    const withoutTimes = (html: string) =>
      html
        .replace(/data-now="[^"]*"/g, "")
        .replace(/"now":\d+/, "")
        .replace(/stroke-dasharray="[^"]*"/g, "")
    for (const [query, headers] of [
      ["?_rsc=1", {}],
      ["", { RSC: "1" }],
      ["", { "Next-Router-State-Tree": "x" }],
      ["", { "Next-Router-Prefetch": "1" }],
      ["", { "Next-Action": "0".repeat(40) }],
      ["?utm_source=mail&x[]=1", {}],
    ] as const) {
      const answer = await ask(page(link) + query, { headers: { ...PERSON, ...headers } })
      expect(answer.status).toBe(200)
      expect(withoutTimes(await answer.text())).toBe(withoutTimes(plain))
    }
    expect((await countsOf(link.shareId)).views).toBe(7)
    const posted = await ask(page(link), {
      method: "POST",
      headers: { ...PERSON, "Next-Action": "x" },
    })
    expect(posted.status).toBe(405)
    expect((await countsOf(link.shareId)).views).toBe(7)
  })

  it.each(["part=2", "q=report", "q=", "lang=de"])(
    "counts no view with ?%s: that page was opened before",
    async (query) => {
      const link = await aLink()
      await ask(`${page(link)}?${query}`, { headers: PERSON })
      expect((await countsOf(link.shareId)).views).toBe(0)
    },
  )

  it("accepts only its signed cookie as proof of a redirect", async () => {
    const [link, other] = [await aLink(), await aLink()]
    const back = await ask(download(other), { headers: PERSON })
    const [cookie = ""] = back.headers.getSetCookie().map((each) => each.split(";")[0] ?? "")
    expect(cookie).toMatch(/^lapse-back=/)
    for (const Cookie of ["lapse-back=1", "lapse-back=1.2", `${cookie}x`, cookie]) {
      await ask(page(link), { headers: { ...PERSON, Cookie } })
    }
    expect((await countsOf(link.shareId)).views).toBe(4)
    await ask(page(other), { headers: { ...PERSON, Cookie: cookie } })
    expect((await countsOf(other.shareId)).views).toBe(0)
  })
})

describe("the state of a link", () => {
  const stateOf = async (token: string, headers: Record<string, string> = {}) => {
    const answer = await ask(`/s/${token}/state`, { headers: { ...PERSON, ...headers } })
    return [answer.status, await answer.json()]
  }

  it("has the data that an open page needs to stay current, and writes nothing", async () => {
    const link = await aLink({ maxDownloads: 3, files: ["a", "b"] })
    await db.file.update({ where: { id: link.fileIds[1] ?? "" }, data: { status: "uploading" } })
    await ask(download(link), { method: "POST" })
    const before = await db.event.count()

    expect(await stateOf(link.token)).toEqual([
      200,
      {
        status: "open",
        state: "open",
        expiresAt: expect.stringMatching(/Z$/),
        downloadsLeft: 2,
        canPreview: true,
        viewOnly: false,
        needsClaim: true,
        files: [
          { id: link.fileIds[0], status: "ready", hasThumbnail: false },
          { id: link.fileIds[1], status: "uploading", hasThumbnail: false },
        ],
        counts: {
          ready: 1,
          readyBytes: 1234,
          arriving: 1,
          arrivingBytes: 1234,
          paused: 0,
          abandoned: 0,
        },
      },
    ])
    expect(await db.event.count()).toBe(before)
    expect(await countsOf(link.shareId)).toMatchObject({ views: 0, botViews: 0, downloads: 1 })

    await db.file.update({
      where: { id: link.fileIds[1] ?? "" },
      data: { heartbeatAt: new Date(Date.now() - 16_000) },
    })
    expect((await stateOf(link.token))[1]).toMatchObject({
      files: [{ status: "ready" }, { status: "uploading", isPaused: true }],
      counts: { arriving: 1, paused: 1 },
    })
    expect(await (await ask(page(link))).text()).toContain("Waiting for Ada Lovelace: 1 file to go")
  })

  it("says how a link ended, and reveals nothing of a locked one", async () => {
    const ended = (status: string) => [
      200,
      { status, state: status, expiresAt: null, downloadsLeft: null, files: [] },
    ]
    expect(await stateOf((await aLink({ revokedAt: past() })).token)).toEqual(ended("revoked"))
    expect(await stateOf((await aLink({ expiresAt: past() })).token)).toEqual(ended("expired"))
    expect(await stateOf((await aLink({ maxDownloads: 1, downloads: 1 })).token)).toEqual(
      ended("used_up"),
    )
    const locked = await stateOf((await aLink({ passwordHash: "any" })).token)
    expect(locked).toEqual([401, expect.objectContaining({ code: "locked" })])
    expect((await stateOf("A".repeat(32)))[0]).toBe(404)
  })

  it("lets a visitor with the last ticket see that the page stays open", async () => {
    const link = await aLink({ maxDownloads: 1 })
    const browser = aBrowser()
    await browser.go(page(link))
    await browser.post(download(link))

    const state = await (await browser.go(`/s/${link.token}/state`)).json()
    expect(state).toMatchObject({ status: "used_up", state: "open", files: [{}] })
    expect(state.downloadsLeft).toBe(0)
  })

  it("says that an open link has no files, once all of them were deleted", async () => {
    const link = await aLink({ maxDownloads: 3, files: ["a", "b"] })
    const [first = "", second = ""] = link.fileIds
    const remove = (id: string) =>
      db.file.update({ where: { id }, data: { deletedAt: new Date(), objectKey: null } })
    await remove(first)
    expect((await stateOf(link.token))[1]).toMatchObject({ state: "open", files: [{ id: second }] })

    await remove(second)
    expect(await stateOf(link.token)).toEqual([
      200,
      {
        status: "open",
        state: "empty",
        expiresAt: expect.stringMatching(/Z$/),
        downloadsLeft: 3,
        files: [],
      },
    ])
    const browser = aBrowser()
    const empty = await browser.go(page(link))
    expect([empty.status, await empty.text()]).toEqual([
      200,
      expect.stringContaining("The files were deleted"),
    ])
    const asked = await browser.post(`/s/${link.token}/ask`, { body: new URLSearchParams() })
    expect(asked.headers.get("location")).toBe(`/s/${link.token}#asked`)
    for (let visit = 0; visit < 2; visit++) {
      expect(await (await browser.go(page(link))).text()).toContain("Request sent on")
    }
    expect(await countsOf(link.shareId)).toMatchObject({ views: 2 })
  })
})

describe("a click", () => {
  it("redirects to the store without a referrer, and sets the ticket", async () => {
    const link = await aLink({ maxDownloads: 1 })
    const browser = aBrowser()
    await browser.go(page(link))

    const clicked = await browser.post(download(link))

    expect(clicked.status).toBe(303)
    expect(clicked.headers.get("cache-control")).toBe("no-store")
    expect(clicked.headers.get("referrer-policy")).toBe("no-referrer")
    const url = new URL(clicked.headers.get("location") ?? "")
    expect(url.searchParams.get("X-Amz-Expires")).toBe("60")
    expect(url.searchParams.get("response-content-disposition")).toContain("report.pdf")
    const [cookie] = clicked.headers.getSetCookie()
    expect(cookie).toMatch(/^lapse-ticket=/)
    expect(cookie).toContain(`Path=/s/${link.token};`)
    expect(cookie).toContain("Max-Age=86400; HttpOnly; SameSite=Lax")
  })

  it("is free with the ticket by POST and GET, and the page stays open", async () => {
    const link = await aLink({ maxDownloads: 1, files: ["a", "b"] })
    const browser = aBrowser()
    await browser.go(page(link))
    await browser.post(download(link))

    expect((await browser.post(download(link))).status).toBe(303)
    const second = await browser.go(`/s/${link.token}/d/${link.fileIds[1]}`)
    expect([second.status, second.headers.get("location")]).toEqual([
      302,
      expect.stringContaining("X-Amz-Signature="),
    ])
    const json = await browser.go(download(link), { headers: { Accept: "application/json" } })
    expect(await json.json()).toEqual({ url: expect.any(String), expiresAt: expect.any(String) })
    expect((await browser.go(page(link))).status).toBe(200)
    expect((await ask(page(link))).status).toBe(410)
    expect((await countsOf(link.shareId)).downloads).toBe(1)
  })

  it("whose answer was lost downloads on the next try, with a limit of 1", async () => {
    const link = await aLink({ maxDownloads: 1 })
    const browser = aBrowser()
    await browser.go(page(link))
    const Cookie = [...browser.jar].map((pair) => pair.join("=")).join("; ")
    const lost = await ask(download(link), { method: "POST", headers: { Cookie } })
    await lost.body?.cancel()

    const again = await ask(download(link), { method: "POST", headers: { Cookie } })

    expect(again.headers.get("location")).toContain("X-Amz-Signature=")
    expect((await countsOf(link.shareId)).downloads).toBe(1)
  })

  it("that is refused goes to the page, or is a problem when JSON is asked for", async () => {
    const link = await aLink({ revokedAt: new Date() })
    const refused = await ask(download(link), { method: "POST" })
    expect([refused.status, refused.headers.get("location")]).toEqual([303, page(link)])

    const json = await ask(download(link), {
      method: "POST",
      headers: { Accept: "application/json" },
    })
    expect(json.status).toBe(410)
    expect(json.headers.get("content-type")).toBe("application/problem+json")
    expect(await json.json()).toMatchObject({ code: "gone", status: 410 })
  })

  it("shows a person the app's page for an unknown link", async () => {
    const unknown = await aBrowser().go(`/s/${"A".repeat(32)}`)
    expect(unknown.status).toBe(404)
    expect(await unknown.text()).toContain("Link not found")
  })

  it("on a token altered in any character is 404 by every method, and asks no database", async () => {
    const link = await aLink({ direct: true })
    const asked = vi.spyOn(pool(), "query")
    for (let i = 0; i < link.token.length; i++) {
      const token =
        link.token.slice(0, i) + (link.token[i] === "x" ? "y" : "x") + link.token.slice(i + 1)
      for (const [path, method] of [
        [`/s/${token}/d/${link.fileId}`, "POST"],
        [`/s/${token}/d/${link.fileId}`, "GET"],
        [`/s/${token}/d/${link.fileId}`, "HEAD"],
        [`/s/${token}/claim`, "POST"],
        [`/s/${token}/unlock`, "POST"],
        [`/s/${token}`, "GET"],
      ] as const) {
        expect((await ask(path, { method })).status).toBe(404)
      }
    }
    expect(asked).not.toHaveBeenCalled()
    asked.mockRestore()
  })

  it("says that the database is unreachable, never that the link is closed", async () => {
    const link = await aLink()
    const query = pool().query
    pool().query = (() =>
      Promise.reject(
        Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }),
      )) as typeof query
    try {
      for (const [path, method] of [
        [download(link), "POST"],
        [page(link), "GET"],
        [`/s/${link.token}/claim`, "POST"],
      ] as const) {
        const answer = await ask(path, { method })
        expect(answer.status).toBe(503)
        expect(answer.headers.get("retry-after")).toBe("5")
        expect(await answer.text()).toMatch(/database can’t be reached/)
      }
    } finally {
      pool().query = query
    }
  })
})

describe("an address of an imported app", () => {
  afterEach(async () => {
    await db.oldLink.deleteMany()
    await lookForOldLinks()
  })

  const anOldLink = async (id: string) => {
    const link = await aLink()
    const [hash] = importedHashes("link", id)
    await db.oldLink.create({ data: { hash: hash ?? new Uint8Array(), publicId: link.publicId } })
    await lookForOldLinks()
    return link
  }

  it("redirects to the share's link, which counts the view", async () => {
    const link = await anOldLink("photos")
    for (const path of ["/s/photos", "/share/photos"]) {
      for (const method of ["GET", "HEAD"]) {
        const answer = await ask(path, { method })
        expect([answer.status, answer.headers.get("location")]).toEqual([302, page(link)])
        expect(answer.headers.get("cache-control")).toBe("private, no-store")
      }
      expect((await ask(path, { method: "POST" })).status).toBe(path.startsWith("/s/") ? 405 : 404)
      const slash = await ask(`${path}/`)
      expect([slash.status, slash.headers.get("location")]).toEqual([308, path])
    }
    expect(await countsOf(link.shareId)).toMatchObject({ views: 0 })
    expect((await aBrowser().go(page(link))).status).toBe(200)
    expect(await countsOf(link.shareId)).toMatchObject({ views: 1 })
    expect((await ask("/s/Photos")).status).toBe(404)
    expect((await ask("/share/photos/d/x")).status).toBe(404)
    const unknown = await ask("/share/unknown", { headers: PERSON })
    expect([unknown.status, await unknown.text()]).toEqual([
      404,
      expect.stringContaining("Link not found"),
    ])
  })

  it("of 32 characters is told from a token, and an altered token is looked up then", async () => {
    const id = "p".repeat(32)
    const link = await anOldLink(id)
    expect((await ask(`/s/${id}`)).headers.get("location")).toBe(page(link))
    const asked = vi.spyOn(pool(), "query")
    expect((await ask(`/s/${"q".repeat(32)}`)).status).toBe(404)
    expect(asked).toHaveBeenCalled()
    asked.mockRestore()
  })

  it("is slowed for a client that guesses, with a page that says when to try again", async () => {
    await anOldLink("photos")
    const headers = { ...PERSON, "X-Test-Address": "198.51.100.9" }
    const answers = await Promise.all(
      Array.from({ length: 70 }, (_, n) => ask(`/share/guess-${n}`, { headers })),
    )
    const statuses = answers.map(({ status }) => status).toSorted()
    expect(statuses).toEqual([...Array(60).fill(404), ...Array(10).fill(429)])
    const slowed = await ask("/share/photos", { headers })
    expect([slowed.status, Number(slowed.headers.get("retry-after")) > 0]).toEqual([429, true])
    expect((await ask("/share/photos")).status).toBe(302)
  })

  it("costs no query while nothing was imported", async () => {
    const asked = vi.spyOn(pool(), "query")
    for (const path of [
      "/s/photos",
      "/share/photos",
      `/s/${"q".repeat(32)}`,
      "/share/",
      "/share",
    ]) {
      expect((await ask(path)).status).toBe(404)
    }
    expect(asked).not.toHaveBeenCalled()
    asked.mockRestore()
  })
})

describe("a direct link", () => {
  const curl = { "User-Agent": "curl/8.14.1" }

  it("claims by GET for a person and for curl, anew per request without cookies", async () => {
    const link = await aLink({ direct: true, maxDownloads: 2 })

    expect((await ask(download(link), { headers: curl })).status).toBe(302)
    expect((await ask(download(link), { headers: PERSON })).status).toBe(302)
    expect((await ask(download(link), { headers: curl })).status).toBe(303)
    expect((await countsOf(link.shareId)).downloads).toBe(2)
  })

  it("claims nothing for unfurlers, prefetches, HEAD and the middle of a file", async () => {
    const link = await aLink({ direct: true })
    for (const headers of [
      { "User-Agent": "Slackbot-LinkExpanding 1.0" },
      { "User-Agent": "Mozilla/5.0 (compatible; Discordbot/2.0)" },
      { ...PERSON, "Sec-Purpose": "prefetch" },
      { ...curl, Range: "bytes=100-" },
      { ...curl, Range: "bytes=-500" },
    ]) {
      const answer = await ask(download(link), { headers })
      expect([answer.status, answer.headers.get("location")]).toEqual([303, page(link)])
    }
    await ask(download(link), { method: "HEAD", headers: curl })
    expect((await countsOf(link.shareId)).downloads).toBe(0)
    expect((await ask(download(link), { headers: { ...curl, Range: "bytes=0-" } })).status).toBe(
      302,
    )
  })

  it("resumes with the ticket and counts once", async () => {
    const link = await aLink({ direct: true, maxDownloads: 1 })
    const client = aBrowser(curl)
    await client.go(download(link))

    const resumed = await client.go(download(link), { headers: { Range: "bytes=100-" } })
    expect(resumed.status).toBe(302)
    expect((await countsOf(link.shareId)).downloads).toBe(1)
  })
})

describe("HEAD of a file", () => {
  it("answers size, type and name, and changes nothing", async () => {
    const link = await aLink({ files: ["résumé.pdf"] })
    const { status, headers } = await ask(download(link), { method: "HEAD" })

    expect(status).toBe(200)
    expect(headers.get("content-length")).toBe("1234")
    expect(headers.get("content-type")).toBe("application/pdf")
    expect(headers.get("accept-ranges")).toBe("bytes")
    expect(headers.get("content-disposition")).toContain("filename=resume.pdf")
    expect(await db.event.count()).toBe(0)
  })

  it("is refused like a click", async () => {
    const head = async (conditions: Parameters<typeof aLink>[0]) =>
      (await ask(download(await aLink(conditions)), { method: "HEAD" })).status

    expect(await head({ passwordHash: "any" })).toBe(401)
    expect(await head({ revokedAt: new Date() })).toBe(410)
    expect(await head({ maxDownloads: 1, downloads: 1 })).toBe(410)
    const [one, other] = [await aLink(), await aLink()]
    expect((await ask(`/s/${one.token}/d/${other.fileId}`, { method: "HEAD" })).status).toBe(404)
    expect((await ask(`/s/${one.token}/d/nothing`, { method: "HEAD" })).status).toBe(404)
  })
})

/** Adds thousands of ready files at once. */
async function addFiles(
  { shareId, ownerId }: { shareId: string; ownerId: string },
  names: string[],
) {
  const now = new Date()
  const added = names.map((name) => ({
    id: randomUUID(),
    key: `o/${randomBytes(16).toString("hex")}`,
    name,
  }))
  const file = { ownerId, size: 1234n, contentType: "application/pdf", readyAt: now }
  await db.file.createMany({ data: added.map(({ id, name }) => ({ ...file, id, name })) })
  const live = { state: "live", putExpiresAt: now, liveSince: now } as const
  await db.object.createMany({ data: added.map(({ id, key }) => ({ ...live, key, fileId: id })) })
  await db.$executeRaw`
    UPDATE file SET status = 'ready', object_key = object.key FROM object
    WHERE object.file_id = file.id AND file.owner_id = ${ownerId}::uuid`
  await db.shareFile.createMany({
    data: added.map(({ id }, n) => ({ shareId, fileId: id, position: n + 1 })),
  })
}

/** Requests a page repeatedly; returns the milliseconds of the slowest answer. */
async function slowestPageUntil(path: string, isOver: () => Promise<boolean>) {
  let [slowest, over] = [0, false]
  const watching = (async () => {
    while (!(await isOver()));
    over = true
  })()
  while (!over) {
    const asked = performance.now()
    expect((await ask(path)).status).toBe(200)
    slowest = Math.max(slowest, performance.now() - asked)
    await setTimeout(50)
  }
  await watching
  return slowest
}

describe("POST claim", () => {
  const claimAll = (browser: ReturnType<typeof aBrowser>, token: string, body?: unknown) =>
    browser.post(`/s/${token}/claim`, body === undefined ? {} : { body: JSON.stringify(body) })

  it("is one claim for all files, and free again with the ticket", async () => {
    const link = await aLink({ maxDownloads: 1, files: ["a", "b", "c"] })
    const browser = aBrowser()

    const first = await (await claimAll(browser, link.token)).json()
    expect(
      first.files.map(({ name, size }: { name: string; size: number }) => [name, size]),
    ).toEqual([
      ["a", 1234],
      ["b", 1234],
      ["c", 1234],
    ])
    expect(first.expiresAt).toMatch(/Z$/)
    const twice = [link.fileIds[2], link.fileIds[2]?.toUpperCase()]
    const second = await claimAll(browser, link.token, { fileIds: twice })
    expect((await second.json()).files).toMatchObject([{ id: link.fileIds[2] }])
    expect((await countsOf(link.shareId)).downloads).toBe(1)
    expect((await claimAll(aBrowser(), link.token)).status).toBe(410)
  })

  it("gives an archive the folder, size and checksum of each file", async () => {
    const link = await aLink({ files: ["a", "b"] })
    const sha256 = "ab".repeat(32)
    const data = { path: "survey/day 1", sha256, sha256Verified: true }
    await db.file.update({ where: { id: link.fileId }, data })
    const browser = aBrowser()
    const plain = { path: "", sha256: null, sha256Verified: false }

    // The claim, and a mint with its ticket.
    for (const _ of [1, 2]) {
      const { files } = await (await claimAll(browser, link.token)).json()
      expect(files).toMatchObject([
        { name: "a", size: 1234, ...data },
        { name: "b", size: 1234, ...plain },
      ])
    }
  })

  it("refuses an invalid list of files, and files of others", async () => {
    const link = await aLink()
    const other = await aLink()
    const browser = aBrowser()

    expect((await claimAll(browser, link.token, { fileIds: ["x"] })).status).toBe(400)
    expect((await claimAll(browser, link.token, { fileIds: [] })).status).toBe(400)
    expect((await browser.post(`/s/${link.token}/claim`, { body: "{" })).status).toBe(400)
    const mixed = await claimAll(browser, link.token, { fileIds: [link.fileId, other.fileId] })
    expect([mixed.status, (await mixed.json()).code]).toEqual([404, "not_found"])
    const huge = await browser.post(`/s/${link.token}/claim`, { body: "x".repeat(2_000_000) })
    expect(huge.status).toBe(413)
    expect((await countsOf(link.shareId)).downloads).toBe(0)
  })

  it("is rate-limited per ticket", async () => {
    const link = await aLink()
    const browser = aBrowser()
    await claimAll(browser, link.token)
    await claimAll(browser, link.token)
    await db.$executeRaw`UPDATE attempt SET attempts = 600 WHERE purpose = 'mint'`

    const slowed = await claimAll(browser, link.token)
    expect(slowed.status).toBe(429)
    expect(Number(slowed.headers.get("retry-after"))).toBeGreaterThan(0)
    expect((await countsOf(link.shareId)).downloads).toBe(1)
  })

  it("is rate-limited by the number of URLs, with or without a ticket, and a click is not", async () => {
    const link = await aLink({ files: ["a", "b"] })
    const browser = aBrowser()
    await claimAll(browser, link.token)
    await db.$executeRaw`UPDATE attempt SET attempts = 99999 WHERE purpose = 'claim_urls'`

    for (const asking of [browser, aBrowser()]) {
      const slowed = await claimAll(asking, link.token)
      expect([slowed.status, (await slowed.json()).code]).toEqual([429, "too_many"])
      expect(Number(slowed.headers.get("retry-after"))).toBeGreaterThan(500)
    }
    const one = await claimAll(aBrowser(), link.token, { fileIds: [link.fileId] })
    expect(one.status).toBe(200)
    expect((await claimAll(aBrowser(), link.token, { fileIds: [link.fileId] })).status).toBe(429)
    expect((await aBrowser().post(download(link))).status).toBe(303)
  })

  it("neither fills the heap nor delays others when many request thousands of files and do not read", async () => {
    const link = await aLink({ files: ["a"] })
    const names = Array.from({ length: process.env.HEAVY ? 3000 : 1200 }, (_, n) => `"f${n}"`)
    await addFiles(link, names)
    const other = await aLink()
    const signed = async () => (await metrics().mints.get()).values[0]?.value ?? 0
    const [signedBefore, heapBefore] = [await signed(), heldBytes()]
    const asking = Array.from({ length: process.env.HEAVY ? 60 : 4 }, (_, n) => {
      const socket = connect(Number(new URL(origin).port), "127.0.0.1").pause()
      socket.on("error", () => {})
      const head = ["Host: localhost", "Content-Length: 0", `X-Test-Address: 198.51.100.${n}`]
      socket.write(`POST /s/${link.token}/claim HTTP/1.1\r\n${head.join("\r\n")}\r\n\r\n`)
      return socket
    })

    const slowest = await slowestPageUntil(page(other), async () => {
      const before = await signed()
      await setTimeout(500)
      return before > signedBefore && (await signed()) === before
    })
    const grown = heldBytes() - heapBefore
    const { files } = await (await claimAll(aBrowser(), link.token)).json()
    for (const socket of asking) socket.destroy()

    expect(grown).toBeLessThan(60e6)
    expect(slowest).toBeLessThan(process.env.HEAVY ? 15_000 : 5_000)
    expect(files.map(({ name }: { name: string }) => name)).toEqual(["a", ...names])
    expect(new Set(files.map(({ url }: { url: string }) => url)).size).toBe(names.length + 1)
  })

  it("gives the ticket before a large answer is read, so that the claim is not lost", async () => {
    const link = await aLink({ maxDownloads: 1, files: ["a"] })
    await addFiles(
      link,
      Array.from({ length: 1500 }, (_, n) => `f${n}`),
    )
    const browser = aBrowser()

    const left = await claimAll(browser, link.token)
    expect(left.headers.get("content-length")).toBe(null)
    await left.body?.cancel()
    const again = await claimAll(browser, link.token)

    expect((await again.json()).files).toHaveLength(1501)
    expect((await countsOf(link.shareId)).downloads).toBe(1)
  })

  it("counts nothing for a client that disconnected while it waited", async () => {
    const link = await aLink({ maxDownloads: 1 })
    leaving.add(`/s/${link.token}/claim`)

    expect((await claimAll(aBrowser(), link.token)).status).toBe(400)
    expect((await countsOf(link.shareId)).downloads).toBe(0)
  })

  it("signs thousands of files", async () => {
    const link = await aLink({ files: ["f0"] })
    await addFiles(
      link,
      Array.from({ length: 999 }, (_, n) => `f${n + 1}`),
    )
    const { files } = await (await claimAll(aBrowser(), link.token)).json()

    expect(files).toHaveLength(1000)
    expect(new Set(files.map(({ url }: { url: string }) => url)).size).toBe(1000)
  })
})

describe("a locked link", () => {
  const unlock = (browser: ReturnType<typeof aBrowser>, token: string, password: string) =>
    browser.post(`/s/${token}/unlock`, { body: new URLSearchParams({ password }) })

  it("asks for the password first, then opens for this visitor", async () => {
    const link = await aLink({ passwordHash: await hashPassword("open sesame") })
    const browser = aBrowser()

    expect((await browser.post(download(link))).headers.get("location")).toBe(page(link))
    const asJson = { method: "POST", headers: { Accept: "application/json" } }
    expect((await browser.go(download(link), asJson)).status).toBe(401)
    expect((await browser.post(`/s/${link.token}/claim`)).status).toBe(401)
    const wrong = await unlock(browser, link.token, "guess")
    expect([wrong.status, wrong.headers.get("location")]).toEqual([
      303,
      `${page(link)}?error=password`,
    ])
    const right = await unlock(browser, link.token, "open sesame")
    expect([right.status, right.headers.get("location")]).toEqual([303, page(link)])
    expect((await browser.post(download(link))).headers.get("location")).toContain("X-Amz-")
    expect((await countsOf(link.shareId)).downloads).toBe(1)
  })

  it("opens for a browser that unlocked it before while strangers at its address guess", async () => {
    const passwordHash = await hashPassword("open sesame")
    const [link, other] = [await aLink({ passwordHash }), await aLink({ passwordHash })]
    const browser = aBrowser()
    const first = await unlock(browser, link.token, "open sesame")
    const known = first.headers.getSetCookie().find((each) => each.startsWith("lapse-known="))
    expect(known).toContain(`Path=/s/${link.token};`)
    expect(known).toContain("HttpOnly; SameSite=Lax")
    browser.jar.delete("lapse-unlock")
    for (let n = 0; n < 12; n++) {
      await unlock(aBrowser(), link.token, "guess")
      await unlock(aBrowser(), other.token, "guess")
    }

    expect((await unlock(aBrowser(), link.token, "open sesame")).status).toBe(429)
    expect((await unlock(browser, other.token, "open sesame")).status).toBe(429)
    expect((await unlock(browser, link.token, "open sesame")).status).toBe(303)
    browser.jar.delete("lapse-unlock")
    const guesses: number[] = []
    for (let n = 0; n < 12; n++) guesses.push((await unlock(browser, link.token, "guess")).status)
    expect(guesses).toEqual([...Array(10).fill(303), 429, 429])
  })

  it("rate-limits guesses with a page that says until when", async () => {
    const link = await aLink({ passwordHash: await hashPassword("open sesame") })
    const browser = aBrowser()
    for (let n = 0; n < 10; n++) await unlock(browser, link.token, "guess")

    const slowed = await unlock(browser, link.token, "open sesame")
    expect(slowed.status).toBe(429)
    expect(Number(slowed.headers.get("retry-after"))).toBeGreaterThan(0)
    const text = await slowed.text()
    expect(text).toMatch(/Too many attempts\. Try again .*, at .*\d\d:\d\d:\d\d\s\(UTC\)/)
    expect(text).toMatch(/<input[^>]* name="password"/)
  })
})
