import { afterEach, describe, expect, it, vi } from "vitest"
import { db, pool } from "#lib/adapters/database.ts"
import { Refusal } from "#lib/adapters/errors.ts"
import { hostState } from "#lib/adapters/host/host-state.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { linkToken, newPublicId } from "#lib/adapters/secrets.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { hashPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import { editShare } from "#lib/rooms/shares/edit/edit-share.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { acting } from "#testing/builders/acting.ts"
import { future, past } from "#testing/units.ts"
import { STORE_ORIGIN, VISITOR_ASSETS } from "#testing/visitors/visitor-assets.ts"
import { createVisitor } from "#visitor/answer.ts"
import type { Answer } from "#visitor/exchange.ts"

const CHROME =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
const visitor = createVisitor(VISITOR_ASSETS)

type Asked = { headers?: Record<string, string>; address?: string; method?: string; query?: string }

function send(path: string, body: string | null, asked: Asked = {}): Promise<Answer> {
  const headers: Record<string, string> = {
    "user-agent": CHROME,
    accept: "text/html",
    ...asked.headers,
  }
  return visitor({
    method: asked.method ?? (body === null ? "GET" : "POST"),
    path,
    nonce: "nonce",
    query: new URLSearchParams(asked.query),
    clientAddress: asked.address ?? "192.0.2.7",
    header: (name) => headers[name],
    readBody: async (maxBytes) => {
      if ((body ?? "").length > maxBytes) throw new Refusal("too_large", "Too much.")
      return body ?? ""
    },
    isGone: () => false,
    storeOrigin: STORE_ORIGIN,
  })
}

type Link = { token: string }
const ask = ({ token }: Link, note = "", asked: Asked = {}) =>
  send(`/s/${token}/ask`, new URLSearchParams({ note }).toString(), asked)
const open = ({ token }: Link, cookie = "") => send(`/s/${token}`, null, { headers: { cookie } })

const headerOf = ({ headers }: Answer, name: string) => headers.find(([each]) => each === name)?.[1]
const cookiesOf = ({ headers }: Answer) =>
  headers
    .filter(([name, value]) => name === "Set-Cookie" && !/Max-Age=0/.test(value))
    .map(([, value]) => value.split(";")[0])
    .join("; ")
const notes = async () => (await db.question.findMany()).map(({ note }) => note)

afterEach(() => {
  hostState().disk = null
  vi.restoreAllMocks()
})

describe("a question", () => {
  it("is stored as one line of plain text, and the page then says that it was sent", async () => {
    const link = await aLink({ expiresAt: past() })
    expect((await open(link)).body).toContain("Request access")

    const answer = await ask(link, "  It is me,\r\nTom\u202e \0 <b>please</b> ")

    expect(answer.status).toBe(303)
    expect(headerOf(answer, "Location")).toBe(`/s/${link.token}#asked`)
    expect(await notes()).toEqual(["It is me, Tom <b>please</b>"])
    const page = await open(link, cookiesOf(answer))
    expect(page.status).toBe(410)
    expect(page.body).toMatch(/Request sent on .*Ada Lovelace can see your request in Lapse/s)
    expect((await open(link)).body).not.toContain("Request sent on")
  })

  it("says whether the sender sees who asks, and is not to be had for an erased recipient's link", async () => {
    const page = async (recipient?: { name: string }) =>
      (await open(await aLink({ revokedAt: past(), ...(recipient && { recipient }) }))).body
    expect(await page()).toContain("Ada Lovelace can’t see who you are.")
    expect(await page({ name: "Pia" })).toMatch(/<p id="note-hint".*Ada Lovelace sees whose link/)
    expect(await page({ name: "Pia" })).not.toContain("can’t see who you are")
    const erased = await page({ name: "" })
    expect(erased).toContain("This link was revoked")
    expect(erased).not.toContain("Request access")
  })

  it("is confirmed also within the second in which the link was closed", async () => {
    const link = await aLink({ revokedAt: new Date() })
    expect((await open(link, cookiesOf(await ask(link)))).body).toContain("Request sent on")
  })

  it("may be empty, or as long as 500 characters", async () => {
    const link = await aLink({ revokedAt: past() })
    for (const note of ["", "ä".repeat(500)]) expect((await ask(link, note)).status).toBe(303)
    expect((await notes()).map(({ length }) => length).sort()).toEqual([0, 500])
  })

  it("that is too long gets the page with the note", async () => {
    const link = await aLink({ maxDownloads: 1, downloads: 1 })
    const answer = await ask(link, `<i>${"x".repeat(500)}`)

    expect(answer.status).toBe(400)
    expect(answer.body).toContain(`&lt;i&gt;${"x".repeat(500)}</textarea>`)
    expect(answer.body).toContain("Use at most 500 characters")
    expect(await notes()).toEqual([])
  })

  it("is rate-limited, and the page says until when and keeps the note", async () => {
    const link = await aLink({ expiresAt: past() })
    for (let n = 0; n < 5; n++) expect((await ask(link)).status).toBe(303)

    const answer = await ask(link, "Please, it is urgent")

    expect(answer.status).toBe(429)
    expect(Number(headerOf(answer, "Retry-After"))).toBeGreaterThan(500)
    expect(answer.body).toContain("Please, it is urgent</textarea>")
    expect(answer.body).toMatch(/You can request access again .*in 10 minutes.*UTC/s)
    expect((await ask(link, "", { address: "192.0.2.8" })).status).toBe(303)
    const json = await ask(link, "", { headers: { accept: "application/json" } })
    expect(json.status).toBe(429)
    expect(json.body).toContain('"code":"too_many"')
  })

  it("is refused while the disk is full, and the note stays", async () => {
    const link = await aLink({ expiresAt: past() })
    const disk = { directory: "/data", reserveBytes: 1_000, takesUploads: true }
    hostState().disk = { ...disk, freeBytes: 1 }

    const answer = await ask(link, "Please")

    expect(answer.status).toBe(503)
    expect(headerOf(answer, "Retry-After")).toBe("30")
    expect(answer.body).toContain("Please</textarea>")
    expect(await notes()).toEqual([])
  })

  it("keeps the note when the database is unreachable", async () => {
    const link = await aLink({ expiresAt: past() })
    vi.spyOn(log, "warn").mockImplementation(() => {})
    vi.spyOn(pool(), "query").mockImplementation(() => {
      throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" })
    })

    const answer = await ask(link, "Please")

    expect(answer.status).toBe(503)
    expect(answer.body).toContain("Please</textarea>")
    expect(answer.body).toContain(`action="/s/${link.token}/ask"`)
  })

  it("redirects to the page of an open link, and is 404 for an unknown one", async () => {
    for (const link of [await aLink(), await aLink({ passwordHash: "a hash" })]) {
      for (const note of ["", "x".repeat(501)]) {
        const answer = await ask(link, note)
        expect([answer.status, headerOf(answer, "Location")]).toEqual([303, `/s/${link.token}`])
        expect(cookiesOf(answer)).not.toContain("lapse-asked")
      }
    }
    const unknown = { token: linkToken(newPublicId()) }
    for (const note of ["", "x".repeat(501)]) {
      expect((await ask(unknown, note)).status).toBe(404)
    }
    expect(await notes()).toEqual([])
  })

  it("needs no password, and reveals nothing of a locked share", async () => {
    const passwordHash = await hashPassword("open sesame")
    const link = await aLink({ passwordHash, expiresAt: past(), title: "Secret plans" })

    const answer = await ask(link, "Please")
    const page = await open(link, cookiesOf(answer))
    const tooLong = await ask(link, "x".repeat(501))

    expect(answer.status).toBe(303)
    expect(await notes()).toEqual(["Please"])
    for (const { body } of [page, tooLong]) {
      expect(body).toContain("Ada Lovelace sent you files.")
      expect(body).not.toMatch(/Secret plans|report\.pdf/)
    }
  })

  it("says that it goes to the admins if one of them closed the link", async () => {
    const link = await aLink({ revokedAt: past() })
    expect((await open(link)).body).toContain("Message to Ada Lovelace")
    await db.share.update({ where: { id: link.shareId }, data: { revokedByAdmin: true } })

    expect((await open(link)).body).toMatch(/your message goes to them, not to Ada Lovelace/)
  })

  it("shows the owner's address to no visitor", async () => {
    const link = await aLink({ expiresAt: past() })
    const { email } = await db.member.findUniqueOrThrow({ where: { id: link.ownerId } })
    const answer = await ask(link, "Please")
    for (const { body } of [await open(link), await open(link, cookiesOf(answer))])
      expect(body).not.toContain(email)
  })

  it("is refused from a bot, from a prefetch and with a large body", async () => {
    const link = await aLink({ expiresAt: past() })
    for (const headers of [
      { "user-agent": "Slackbot-LinkExpanding 1.0" },
      { "user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)" },
      { "sec-purpose": "prefetch" },
    ]) {
      const answer = await ask(link, "Buy now", { headers })
      expect([answer.status, headerOf(answer, "Location")]).toEqual([303, `/s/${link.token}`])
      const json = await ask(link, "", { headers: { ...headers, accept: "application/json" } })
      expect(json.status).toBe(403)
    }
    expect((await ask(link, "x".repeat(20_000))).status).toBe(413)
    expect(await notes()).toEqual([])
  })

  it("disappears when the link opens, and can be asked anew when it closes again", async () => {
    const link = await aLink({ expiresAt: past() })
    const cookie = cookiesOf(await ask(link))
    const owner = link.ownerId as PersonId
    await editShare(acting(owner), link.shareId, { expiresAt: future() })

    const opened = await open(link, cookie)
    expect(opened.status).toBe(200)
    expect(opened.headers.map(([, value]) => value)).toContainEqual(
      expect.stringMatching(/^lapse-asked=; .*Max-Age=0/),
    )

    const later = new Date(Date.now() + 2_000)
    await db.share.update({ where: { id: link.shareId }, data: { revokedAt: later } })
    expect((await open(link, cookie)).body).not.toContain("Request sent on")
  })

  it("is remembered only for its link", async () => {
    const [link, other] = [await aLink({ expiresAt: past() }), await aLink({ expiresAt: past() })]
    const cookie = cookiesOf(await ask(link))

    expect((await open(link, cookie)).body).toContain("Request sent on")
    expect((await open(other, cookie)).body).not.toContain("Request sent on")
    expect((await open(link, cookie.replace(/(lapse-asked=[^~]*~)\d/, "$19"))).body).not.toContain(
      "Request sent on",
    )
  })
})
