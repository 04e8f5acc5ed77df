import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { NextRequest } from "next/server"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { hashPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import { SESSION_SECONDS } from "#lib/rooms/accounts/sign-in/session.ts"
import { renderingDocuments } from "#lib/web/document-status.ts"
import { readTyped } from "#lib/web/forms/typed-cookie.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { askAuth, inRequest } from "#testing/sign-in-by.ts"
import { formToken } from "./form-token.ts"
import { signInBy } from "./next-auth.ts"
import { readSessionCookie } from "./session-cookie.ts"

const ORIGIN = "http://localhost:3000"
const PASSWORD = "correct horse battery"
const EMAIL = "ada@example.org"

type Fields = Record<string, string>
type Sent = { cookie?: string; headers?: Fields }

beforeEach(async () => {
  await aMember({ email: EMAIL, passwordHash: await hashPassword(PASSWORD) })
})
afterEach(() => vi.restoreAllMocks())

const signIn = (request: NextRequest, provider = "credentials") =>
  inRequest(request, () => signInBy(provider)(request))

const requestOf = (body: string, { cookie = "", headers = {} }: Sent) =>
  new NextRequest(`${configuration.APP_URL}/api/auth/callback/credentials`, {
    method: "POST",
    headers: {
      accept: "text/html",
      origin: configuration.APP_URL,
      "content-type": "application/x-www-form-urlencoded",
      "x-lapse-client-address": "203.0.113.7",
      cookie,
      ...headers,
    },
    body,
  })

/** Posts a sign-in to next-auth. */
async function post(fields: Fields | string, sent: Sent = {}) {
  const body = typeof fields === "string" ? fields : String(new URLSearchParams(fields))
  const answer = await signIn(requestOf(body, sent))
  const cookies = answer.headers.getSetCookie()
  return {
    status: answer.status,
    location: answer.headers.get("location"),
    session: cookies.find((line) => line.includes("session-token=")),
    typed: readTyped(/lapse-typed=([^;]*)/.exec(cookies.join())?.[1] ?? ""),
    body: await answer.text(),
  }
}

/** Renders a document with the form, for a browser with these cookies. */
async function openForm(cookie = "") {
  let token = ""
  const server = createServer(
    renderingDocuments(async (_request, response) => {
      token = await inRequest(requestOf("", { cookie }), formToken)
      response.end()
    }),
  )
  await once(server.listen(0, "127.0.0.1"), "listening")
  const { port } = server.address() as AddressInfo
  const { headers } = await fetch(`http://127.0.0.1:${port}/sign-in`)
  server.close()
  const line = headers.getSetCookie()[0]
  return { token, line, cookie: line?.split(";")[0] ?? cookie }
}

const right = { email: EMAIL, password: PASSWORD, callbackUrl: "/files" }

describe("the form of the sign-in page", () => {
  it("brings the cookie that next-auth asks for, and signs in for 30 days", async () => {
    const { token, cookie, line } = await openForm()
    expect(line).toMatch(/^next-auth\.csrf-token=[^;]+; Path=\/; HttpOnly; SameSite=Lax$/)

    const answer = await post({ ...right, csrfToken: token }, { cookie })

    expect([answer.status, answer.location]).toEqual([302, `${ORIGIN}/files`])
    expect(answer.session).toMatch(/^next-auth\.session-token=.*; HttpOnly; SameSite=lax$/i)
    const expires = Date.parse(/Expires=([^;]*)/.exec(answer.session ?? "")?.[1] ?? "")
    expect(Math.abs(expires - Date.now() - SESSION_SECONDS * 1000)).toBeLessThan(60_000)
    const value = /=([^;]*)/.exec(answer.session ?? "")?.[1]
    expect(await readSessionCookie(value)).toMatchObject({ sessionEpoch: 0 })
  })

  it("keeps the cookie that the browser has, so that two tabs work", async () => {
    const first = await openForm()
    const second = await openForm(first.cookie)

    expect([second.token, second.line]).toEqual([first.token, undefined])
    for (const { token } of [first, second]) {
      const answer = await post({ ...right, csrfToken: token }, { cookie: first.cookie })
      expect(answer.location).toBe(`${ORIGIN}/files`)
    }
  })

  it("replaces a cookie of another secret, and one that is nonsense", async () => {
    const { cookie } = await openForm()
    vi.spyOn(configuration, "AUTH_SECRET", "get").mockReturnValue(
      "another secret of length 32 or so",
    )
    for (const wrong of [cookie, "next-auth.csrf-token=x", "next-auth.csrf-token=%7C"]) {
      const opened = await openForm(wrong)
      expect(opened.line).toBeDefined()
      const answer = await post({ ...right, csrfToken: opened.token }, { cookie: opened.cookie })
      expect(answer.location).toBe(`${ORIGIN}/files`)
    }
  })

  it("has Secure cookies on https", async () => {
    vi.spyOn(configuration, "APP_URL", "get").mockReturnValue("https://files.example.org")
    vi.stubEnv("NEXTAUTH_URL", "https://files.example.org")
    const { token, cookie, line } = await openForm()
    expect(line).toMatch(
      /^__Host-next-auth\.csrf-token=.*; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    )

    const answer = await post({ ...right, csrfToken: token }, { cookie })
    vi.unstubAllEnvs()

    expect(answer.location).toBe("https://files.example.org/files")
    expect(answer.session).toMatch(/^__Secure-next-auth\.session-token=.*; Secure/)
  })
})

describe("a sign-in by next-auth", () => {
  it("with a token that is stale or missing asks again, and keeps the email", async () => {
    const { cookie } = await openForm()
    for (const csrfToken of ["", "0".repeat(64)]) {
      expect(await post({ ...right, csrfToken }, { cookie })).toMatchObject({
        status: 303,
        location: "/sign-in?next=%2Ffiles&error=stale_form",
        typed: { email: EMAIL },
        session: undefined,
      })
    }
    expect(await db.session.count()).toBe(0)
  })

  it("without cookies says that they may be blocked", async () => {
    const { token } = await openForm()

    const answer = await post({ ...right, csrfToken: token })
    expect(answer.location).toBe("/sign-in?next=%2Ffiles&error=stale_form")
    const asked = await post({ ...right, csrfToken: token, json: "true" })
    expect([asked.status, JSON.parse(asked.body).code]).toEqual([403, "forbidden"])
  })

  it("in JSON asks for JSON", async () => {
    const { token, cookie } = await openForm()
    const sent = { cookie, headers: { "content-type": "application/json" } }
    const send = (fields: object) => post(JSON.stringify({ csrfToken: token, ...fields }), sent)

    expect(await send({ ...right, password: "wrong" })).toMatchObject({
      status: 401,
      body: expect.stringContaining("Incorrect email or password."),
    })
    expect((await send({ email: { a: 1 } })).status).toBe(400)
    const answer = await send({ ...right, json: "true" })
    expect(JSON.parse(answer.body)).toEqual({ url: `${ORIGIN}/files` })
  })

  it("of a program needs no Origin, and of a page its own", async () => {
    const { token, cookie } = await openForm()
    const form = { ...right, csrfToken: token }
    const request = requestOf(String(new URLSearchParams(form)), { cookie })
    request.headers.delete("origin")
    expect((await signIn(request)).status).toBe(302)

    expect((await post(form, { cookie, headers: { origin: "null" } })).status).toBe(403)
  })

  it("is only posted, in a form or in JSON, to a provider that there is", async () => {
    const { cookie } = await openForm()
    expect((await signIn(requestOf("", { cookie }), "email")).status).toBe(400)
    expect((await askAuth(requestOf("", { cookie }), "callback", "credentials")).status).toBe(404)
    for (const [type, body] of [
      ["text/plain", "email=a"],
      ["multipart/form-data; boundary=x", "x"],
      ["application/json", "{"],
    ] as const) {
      const answer = await post(body, { cookie, headers: { "content-type": type } })
      expect([type, answer.status, answer.location]).toEqual([type, 400, null])
    }
  })
})
