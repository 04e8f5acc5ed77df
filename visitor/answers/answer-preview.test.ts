import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { hashPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import { PREVIEWS_PER_WINDOW } from "#lib/rooms/claims/look/look-statement.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { countsOf } from "#testing/builders/counts-of.ts"
import { aClient, FORM, headerOf, isSigned } from "#testing/visitors/visitor-client.ts"

type Link = { token: string; fileId: string }
const page = ({ token }: Link) => `/s/${token}`
const shown = ({ token, fileId }: Link) => `/s/${token}/p/${fileId}`
const file = ({ token, fileId }: Link) => `/s/${token}/d/${fileId}`
const claim = ({ token }: Link) => `/s/${token}/claim`
const JSON_TYPE = "application/json"

describe("a preview", () => {
  it("redirects to bytes with a safe type, also from another site's page", async () => {
    const owner = await aMember()
    const stored = await aFile({ owner, name: "page.html", contentType: "text/html", bytes: "<b>" })
    const { url } = await aShare({ owner, fileIds: [stored.id] })
    const link = { token: url.split("/s/")[1] ?? "", fileId: stored.id }

    const answer = await aClient().send("GET", shown(link))

    expect([answer.status, headerOf(answer, "cache-control")]).toEqual([302, "no-store"])
    expect(headerOf(answer, "referrer-policy")).toBe("no-referrer")
    expect(headerOf(answer, "set-cookie")).toBeNull()
    const location = headerOf(answer, "location") ?? ""
    const bytes = await fetch(location)
    expect(await bytes.text()).toBe("<b>")
    expect(bytes.headers.get("content-type")).toBe("text/plain; charset=utf-8")
    expect(bytes.headers.get("content-disposition")).toMatch(/^inline; filename="?page\.html/)
    expect(bytes.headers.get("cache-control")).toBe("no-store")
    expect(bytes.headers.get("x-content-type-options")).toBe("nosniff")
    const part = await fetch(location, { headers: { range: "bytes=1-1" } })
    expect([part.status, await part.text()]).toEqual([206, "b"])
    // The signature covers the type.
    const changed = location.replace("text%2Fplain%3B%20charset%3Dutf-8", "text%2Fhtml")
    expect(changed).not.toBe(location)
    expect((await fetch(changed)).status).toBe(403)
  })

  it("is JSON on request, with the expiry of the URL", async () => {
    const link = await aLink()
    const before = Date.now()
    const answer = await aClient().send("GET", shown(link), { by: "script" })
    expect([answer.status, headerOf(answer, "content-type")]).toEqual([200, JSON_TYPE])
    expect(headerOf(answer, "vary")).toBe("Accept")
    const { url, expiresAt } = JSON.parse(String(answer.body))
    expect(url).toContain("X-Amz-Expires=60")
    expect(Date.parse(expiresAt)).toBeGreaterThan(before + 50_000)
  })

  it("of one visit is counted once per file, however often its URL is renewed", async () => {
    const link = await aLink({ files: ["film.mp4", "plan.pdf"] })
    const [one, other] = [aClient(), aClient()]
    for (const { send } of [one, other]) {
      await send("GET", page(link))
      for (let renewed = 0; renewed < 3; renewed++) await send("GET", shown(link))
    }
    await one.send("GET", `/s/${link.token}/p/${link.fileIds[1]}`)
    expect(await countsOf(link.shareId)).toMatchObject({ views: 2, previews: 3, downloads: 0 })
    expect(await db.event.count({ where: { kind: "preview" } })).toBe(7)
  })

  it("answers a HEAD with the headers of the preview, and counts and mints nothing", async () => {
    const link = await aLink({ files: ["a.html"] })
    const answer = await aClient().send("HEAD", shown(link))
    expect(answer.status).toBe(200)
    expect(headerOf(answer, "content-type")).toBe("text/plain; charset=utf-8")
    expect(headerOf(answer, "content-disposition")).toMatch(/^inline;/)
    expect(headerOf(answer, "content-length")).toBe("1234")
    expect(await countsOf(link.shareId)).toMatchObject({ views: 0, previews: 0, downloads: 0 })
    expect(await db.event.count()).toBe(0)
  })

  it("that is refused says why instead of showing the file, and never redirects to the page", async () => {
    const link = await aLink({ revokedAt: new Date() })
    const { send } = aClient()
    const html = await send("GET", shown(link))
    expect([html.status, headerOf(html, "location")]).toEqual([410, null])
    expect(String(html.body)).toContain("This link was revoked")
    const json = await send("GET", shown(link), { by: "script" })
    expect(JSON.parse(String(json.body))).toMatchObject({ code: "gone", status: 410 })
  })

  it.each([
    ["no_preview", 403, { preview: false }, "a.pdf"],
    ["needs_claim", 403, { maxDownloads: 3 }, "a.pdf"],
    ["unsupported", 415, {}, "a.bin"],
    ["locked", 401, { passwordHash: "any" }, "a.pdf"],
  ] as const)("refused as %s is %i", async (code, status, conditions, name) => {
    const link = await aLink({ ...conditions, files: [name] })
    if (code === "unsupported") await db.file.updateMany({ data: { contentType: "a/b" } })
    const answer = await aClient().send("GET", shown(link), { by: "script" })
    expect([answer.status, JSON.parse(String(answer.body)).code]).toEqual([status, code])
  })

  it("of a view-only link is for its page: no browser opens a PDF or a video by itself", async () => {
    const link = await aLink({ viewOnly: true, files: ["plan.pdf", "a.png", "notes.txt", "b.mp4"] })
    const { send } = aClient()
    const statusesOf = async (headers: Record<string, string>) => {
      const sent = link.fileIds.map((id) => send("GET", `/s/${link.token}/p/${id}`, { headers }))
      return (await Promise.all(sent)).map(({ status }) => status)
    }

    expect(await statusesOf({ accept: "text/html,*/*;q=0.8" })).toEqual([403, 302, 302, 403])
    expect(await countsOf(link.shareId)).toMatchObject({ previews: 2 })
    expect(await statusesOf({ accept: "image/avif,image/*,*/*;q=0.8" })).toEqual(Array(4).fill(302))
    const answer = await send("GET", shown(link))
    expect(String(answer.body)).toContain("can be viewed only on the page of its link")
    expect((await send("GET", shown(await aLink()))).status).toBe(302)
  })

  it("is rate-limited by the client's address, and says until when", async () => {
    const link = await aLink()
    const { send } = aClient()
    await send("GET", shown(link))
    await db.attempt.updateMany({
      where: { purpose: "preview_urls" },
      data: { attempts: PREVIEWS_PER_WINDOW },
    })
    const slowed = await send("GET", shown(link))
    expect(slowed.status).toBe(429)
    expect(Number(headerOf(slowed, "retry-after"))).toBeGreaterThan(0)
    expect((await aClient().send("GET", shown(link))).status).toBe(302)
  })

  it("opens after the password, and is closed again when it changes", async () => {
    const link = await aLink({ passwordHash: await hashPassword("open sesame") })
    const { send } = aClient()
    expect((await send("GET", shown(link))).status).toBe(401)
    await send("POST", `/s/${link.token}/unlock`, { body: "password=open+sesame", headers: FORM })
    expect((await send("GET", shown(link))).status).toBe(302)
    await db.share.update({ where: { id: link.shareId }, data: { passwordVersion: 1 } })
    expect((await send("GET", shown(link))).status).toBe(401)
  })
})

describe("a view-only link", () => {
  it("with a limit opens by a form, without JavaScript, and is counted once", async () => {
    const link = await aLink({ viewOnly: true, maxDownloads: 2, files: ["notes.txt"] })
    const { send, jar } = aClient()
    const form = `action="${claim(link)}"`
    expect(String((await send("GET", page(link))).body)).toContain(form)
    expect((await send("GET", shown(link))).status).toBe(403)

    const opened = await send("POST", claim(link), { headers: FORM })
    expect([opened.status, headerOf(opened, "location")]).toEqual([303, page(link)])
    expect(jar.has("lapse-ticket")).toBe(true)
    const back = await send("GET", page(link))
    expect(back.status).toBe(200)
    expect(String(back.body)).not.toContain(form)
    expect((await send("GET", shown(link))).status).toBe(302)
    await send("POST", claim(link), { headers: FORM })
    expect(await countsOf(link.shareId)).toMatchObject({ views: 1, previews: 1, downloads: 1 })
  })

  it("whose form lost its answer is the same claim when it is sent again", async () => {
    const link = await aLink({ viewOnly: true, maxDownloads: 1, files: ["notes.txt"] })
    const { send, jar } = aClient()
    await send("GET", page(link))
    await send("POST", claim(link), { headers: FORM, loses: true })
    expect(jar.has("lapse-ticket")).toBe(false)
    await send("POST", claim(link), { headers: FORM })
    expect((await send("GET", shown(link))).status).toBe(302)
    expect((await countsOf(link.shareId)).downloads).toBe(1)
    const late = await aClient().send("POST", claim(link), { headers: FORM })
    expect([late.status, headerOf(late, "location")]).toEqual([303, page(link)])
  })

  it("gives a script the ticket and the files without URLs", async () => {
    for (const maxDownloads of [null, 2]) {
      const link = await aLink({ viewOnly: true, maxDownloads, files: ["a.pdf", "b.pdf"] })
      const { send, jar } = aClient()
      await send("GET", page(link))
      for (let asked = 0; asked < 2; asked++) {
        const answer = await send("POST", claim(link), { by: "script" })
        expect(answer.status).toBe(200)
        expect(JSON.parse(String(answer.body))).toEqual({
          expiresAt: expect.any(String),
          files: link.fileIds.map((id) => ({
            id,
            name: expect.any(String),
            size: 1234,
            path: "",
            sha256: null,
            sha256Verified: false,
          })),
        })
        expect(String(answer.body)).not.toContain("X-Amz")
      }
      expect(jar.has("lapse-ticket")).toBe(true)
      expect((await countsOf(link.shareId)).downloads).toBe(1)
    }
  })

  it("leads a click back to the page and refuses a script, with and without a ticket", async () => {
    const link = await aLink({ viewOnly: true, direct: true })
    const { send } = aClient()
    await send("GET", page(link))
    for (let ticket = 0; ticket < 2; ticket++) {
      for (const method of ["POST", "GET"]) {
        const clicked = await send(method, file(link), method === "POST" ? { headers: FORM } : {})
        expect([clicked.status, headerOf(clicked, "location")]).toEqual([303, page(link)])
        const asked = await send(method, file(link), { by: "script" })
        expect([asked.status, JSON.parse(String(asked.body)).code]).toEqual([403, "view_only"])
      }
      expect((await send("HEAD", file(link))).status).toBe(403)
      await send("POST", claim(link), { by: "script" })
    }
    expect((await countsOf(link.shareId)).downloads).toBe(1)
    expect(await db.event.count({ where: { kind: "mint" } })).toBe(0)
  })

  it("ends the downloads of existing tickets when it becomes view-only", async () => {
    const link = await aLink({ files: ["notes.txt"] })
    const { send } = aClient()
    await send("GET", page(link))
    expect(isSigned(await send("POST", file(link), { headers: FORM }))).toBe(true)
    await db.share.update({ where: { id: link.shareId }, data: { viewOnly: true } })
    expect((await send("GET", file(link), { by: "script" })).status).toBe(403)
    expect((await send("GET", shown(link))).status).toBe(302)
    const state = JSON.parse(String((await send("GET", `${page(link)}/state`)).body))
    expect(state).toMatchObject({ viewOnly: true, canPreview: true, needsClaim: false })
  })
})

describe("a form of a claim", () => {
  it("gives the ticket of a downloadable link, and redirects to the page", async () => {
    const link = await aLink({ maxDownloads: 1 })
    const { send } = aClient()
    await send("GET", page(link))
    const opened = await send("POST", claim(link), { headers: FORM })
    expect([opened.status, headerOf(opened, "location")]).toEqual([303, page(link)])
    expect(isSigned(await send("GET", file(link)))).toBe(true)
    expect((await send("GET", shown(link))).status).toBe(302)
    expect((await countsOf(link.shareId)).downloads).toBe(1)
  })

  it("is answered with JSON for curl's default content type", async () => {
    const link = await aLink()
    const ask = { by: "library", headers: FORM, body: "{}" } as const
    const answer = await aClient().send("POST", claim(link), ask)
    expect([answer.status, headerOf(answer, "content-type")]).toEqual([200, JSON_TYPE])
  })
})
