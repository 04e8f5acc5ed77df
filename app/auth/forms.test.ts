import { NextRequest } from "next/server"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { sign } from "#lib/adapters/secrets.ts"
import { confirmMember } from "#lib/rooms/accounts/confirm/confirm-member.ts"
import { findConfirmMeans } from "#lib/rooms/accounts/confirm/find-confirm-means.ts"
import { inviteMember } from "#lib/rooms/accounts/invites/invite-member.ts"
import { makePasswordReset } from "#lib/rooms/accounts/passwords/make-password-reset.ts"
import { offerSecret } from "#lib/rooms/accounts/second-factor/set-second-factor.ts"
import { setupCode } from "#lib/rooms/accounts/setup/setup-code.ts"
import { hashPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import { signSecondStep } from "#lib/rooms/accounts/sign-in/second-step.ts"
import { findSessionMember, startSession } from "#lib/rooms/accounts/sign-in/session.ts"
import { readTyped } from "#lib/web/forms/typed-cookie.ts"
import { readSessionCookie, sessionCookieName } from "#lib/web/sign-in/session-cookie.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aSessionCookie } from "#testing/builders/a-session.ts"
import { mailBy, withoutMail } from "#testing/mail/with-mail.ts"
import { signInWithToken } from "#testing/sign-in-by.ts"
import { withoutDatabase } from "#testing/with-outage.ts"
import { POST as stopNotices } from "../stop-notices/[token]/route.ts"
import { POST as ask } from "./forgot/route.ts"
import { POST as join } from "./invite/route.ts"
import { POST as reset } from "./reset/route.ts"
import { POST as setUp } from "./setup/route.ts"
import { POST as signOut } from "./sign-out/route.ts"

const ORIGIN = "http://localhost:3000"
const signIn = signInWithToken("credentials")
const PASSWORD = "correct horse battery"
const NEW = { name: "Ada", email: "ada@example.org", password: PASSWORD }

type Route = (request: NextRequest) => Promise<Response>
type Fields = Record<string, string>

/** Sends a form as the browser does from a page of the app. */
async function send(route: Route, fields: Fields | string, headers: Fields = {}) {
  const answer = await route(
    new NextRequest(`${ORIGIN}/auth`, {
      method: "POST",
      headers: {
        origin: ORIGIN,
        accept: "text/html,application/xhtml+xml",
        "content-type": "application/x-www-form-urlencoded",
        "x-lapse-client-address": "203.0.113.7",
        ...headers,
      },
      body: typeof fields === "string" ? fields : new URLSearchParams(fields).toString(),
    }),
  )
  const cookies = answer.headers.getSetCookie()
  const cookie = (name: string) => cookies.find((each) => each.startsWith(`${name}=`)) ?? null
  return {
    status: answer.status,
    location: answer.headers.get("location"),
    retryAfter: answer.headers.get("retry-after"),
    type: answer.headers.get("content-type"),
    session: cookie(sessionCookieName()),
    typed: cookie("lapse-typed"),
    body: await answer.text(),
  }
}

const valueIn = (cookie: string | null) => /=([^;]*)/.exec(cookie ?? "")?.[1] ?? ""
const asJson = { accept: "application/json" }

let passwordHash: string
beforeEach(async () => {
  passwordHash ??= await hashPassword(PASSWORD)
})

const ada = () => aMember({ email: "ada@example.org", passwordHash })
const tokenOf = ({ url }: { url: string }) => url.split("/").at(-1) ?? ""

describe("POST /api/auth/callback/credentials", () => {
  it("signs in and redirects to the requested page", async () => {
    const memberId = await ada()
    const form = { email: " Ada@Example.org", password: PASSWORD, callbackUrl: "/files?path=Plans" }
    const answer = await send(signIn, form)

    expect(answer).toMatchObject({
      status: 302,
      location: `${ORIGIN}/files?path=Plans`,
      typed: null,
    })
    expect(answer.session).toMatch(/; HttpOnly; SameSite=lax$/i)
    expect(await readSessionCookie(valueIn(answer.session))).toMatchObject({ memberId })
    const [entry] = await db.auditEntry.findMany({ where: { action: "session.start" } })
    expect(entry).toMatchObject({ actorId: memberId, origin: expect.stringMatching(/^#/) })
  })

  it.each([
    ["of another site", "https://evil.example/"],
    ["of another host", "//evil.example/"],
    ["of another host, by backslashes", "/\\evil.example"],
    ["of a script", "javascript:alert(1)"],
    ["that no header could hold", `/${"a".repeat(5_000)}`],
  ])("leads to no address %s", async (_kind, callbackUrl) => {
    await ada()

    const right = await send(signIn, { email: "ada@example.org", password: PASSWORD, callbackUrl })
    expect(right).toMatchObject({ status: 302, location: `${ORIGIN}/` })
    const wrong = await send(signIn, { email: "ada@example.org", password: "wrong", callbackUrl })
    expect(wrong).toMatchObject({ status: 303, location: "/sign-in?error=credentials" })
  })

  it("redirects back with the error, and for a minute with the input, but never the password", async () => {
    await ada()
    const form = { email: "ada@example.org", password: "wrong horse", callbackUrl: "/files" }
    const { status, location, typed, session } = await send(signIn, form)

    expect([status, location]).toEqual([303, "/sign-in?next=%2Ffiles&error=credentials"])
    expect(session).toBeNull()
    expect(typed).toMatch(/; Path=\/sign-in; .*Max-Age=60; HttpOnly; SameSite=strict$/i)
    expect(readTyped(valueIn(typed))).toEqual({ email: "ada@example.org" })
  })

  it("rate-limits attempts, and says until when", async () => {
    await ada()
    const form = { email: "ada@example.org", password: "wrong horse" }
    for (let guess = 0; guess < 10; guess++) await send(signIn, form)

    const { status, location } = await send(signIn, { ...form, password: PASSWORD })
    const query = new URL(location ?? "", ORIGIN).searchParams
    expect([status, query.get("error")]).toEqual([303, "attempts"])
    const seconds = (Date.parse(query.get("until") ?? "") - Date.now()) / 1000
    expect(seconds).toBeGreaterThan(200)
    expect(seconds).toBeLessThanOrEqual(300)
    const called = await send(signIn, form, asJson)
    expect(called.status).toBe(429)
    expect(Number(called.retryAfter)).toBeGreaterThan(200)
  })

  it("answers a call with the address to open next, or with problem details", async () => {
    await ada()
    const form = { email: "ada@example.org", password: PASSWORD, callbackUrl: "/files?path=Plans" }

    const right = await send(signIn, { ...form, json: "true" }, asJson)
    expect(JSON.parse(right.body)).toEqual({ url: `${ORIGIN}/files?path=Plans` })
    expect(right.session).not.toBeNull()
    const wrong = await send(signIn, { ...form, password: "wrong" }, asJson)
    expect(wrong).toMatchObject({ status: 401, type: "application/problem+json", typed: null })
    expect(JSON.parse(wrong.body)).toMatchObject({
      code: "wrong_credentials",
      title: "Incorrect email or password.",
    })
  })

  it("redirects back during an outage of the database, and keeps the input", async () => {
    const form = { email: "ada@example.org", password: PASSWORD }
    const answer = await withoutDatabase(() => send(signIn, form))

    expect(answer.location).toMatch(/^\/sign-in\?error=database&until=/)
    expect(readTyped(valueIn(answer.typed))).toEqual({ email: "ada@example.org" })
    const called = await withoutDatabase(() => send(signIn, form, asJson))
    expect(called).toMatchObject({ status: 503, retryAfter: "5" })
  })

  it("treats hostile fields as text, and keeps none that is too large for a cookie", async () => {
    for (const email of ["a".repeat(15_000), "\u0000", "<script>", "a@b.cc\r\nSet-Cookie: x=y"]) {
      const { status, location, typed } = await send(signIn, { email, password: "x".repeat(900) })

      expect([status, location]).toEqual([303, "/sign-in?error=credentials"])
      expect((typed ?? "").length).toBeLessThan(2_000)
      if (email.length < 254) expect(readTyped(valueIn(typed))).toEqual({ email })
    }
  })
})

describe("a form before signing in", () => {
  const forms: [string, Route][] = [
    ["sign-in", signIn],
    ["setup", setUp],
    ["invite", join],
    ["reset", reset],
    ["sign-out", signOut],
    ["forgot", ask],
  ]

  it.each(forms)("from another site does nothing: %s", async (_name, route) => {
    await ada()
    const fields = { email: "ada@example.org", password: PASSWORD, name: "Ada" }
    for (const headers of [
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: "" },
      { origin: `${ORIGIN}.evil.example` },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ]) {
      const answer = await send(route, fields, headers)
      expect(answer).toMatchObject({ status: 403, location: null, session: null, typed: null })
      expect(answer.body).toContain("You can only do this from a page of")
      expect((await send(route, fields, { ...headers, ...asJson })).status).toBe(403)
    }
    expect(await db.session.count()).toBe(0)
  })

  it.each(forms.slice(1))("is refused with an invalid body: %s", async (_name, route) => {
    for (const type of ["application/json", "text/plain", "multipart/form-data; boundary=x", ""]) {
      const answer = await send(route, '{"email":"ada@example.org"}', { "content-type": type })
      expect(answer).toMatchObject({ status: 400, location: null, session: null, typed: null })
      expect(answer.type).toContain(type === "application/json" ? "problem+json" : "text/html")
    }
  })

  it.each(forms.slice(1, 4))("puts no secret into an invalid address: %s", async (_name, route) => {
    for (const secret of ["../../evil", "a?b=c", "\r\nX: y", "%2e%2e", "a".repeat(9_000), ""]) {
      const answer = await send(route, { ...NEW, token: secret, code: secret })

      expect(answer.status).toBe(303)
      expect(answer.location).toMatch(/^\/(setup\?code=|invite\/|reset\/)unknown[?&]error=\w+$/)
    }
  })
})

describe("POST /auth/setup", () => {
  it("creates the first admin, only once", async () => {
    const code = await setupCode()
    const answers = await Promise.all([
      send(setUp, { ...NEW, code }),
      send(setUp, { ...NEW, code }),
    ])

    expect(answers.map(({ location }) => location).toSorted()).toEqual([
      "/admin/checks",
      `/setup?code=${code}&error=gone`,
    ])
    expect(await db.member.findMany({ select: { role: true } })).toEqual([{ role: "admin" }])
  })

  it("redirects back to the invalid field, and keeps the others", async () => {
    const code = await setupCode()
    for (const [field, value] of [
      ["name", "A\u202Eda"],
      ["email", "ada@localhost"],
      ["password", "short"],
    ] as const) {
      const { location, typed } = await send(setUp, { ...NEW, [field]: value, code })

      expect(location).toBe(`/setup?code=${code}&error=invalid&field=${field}`)
      const { password: _, ...kept } = { ...NEW, [field]: value }
      expect(readTyped(valueIn(typed))).toEqual(kept)
    }
    expect(await db.member.count()).toBe(0)
  })
})

describe("POST /auth/invite", () => {
  it("creates one member when the form is sent twice", async () => {
    const token = tokenOf(await inviteMember(await anAdmin(), { email: null, role: "member" }))
    const answers = await Promise.all([
      send(join, { ...NEW, token }),
      send(join, { ...NEW, token }),
    ])

    expect(answers.map(({ location }) => location).toSorted()).toEqual([
      `/invite/${token}?error=gone`,
      "/shares",
    ])
    expect(answers.filter(({ session }) => session)).toHaveLength(1)
    expect(await db.member.count({ where: { role: "member" } })).toBe(1)
  })

  it("says at the email field that an account exists, and the invitation stays valid", async () => {
    await ada()
    const token = tokenOf(await inviteMember(await anAdmin(), { email: null, role: "member" }))

    const { location, typed } = await send(join, { ...NEW, token })
    expect(location).toBe(`/invite/${token}?error=account_exists&field=email`)
    expect(typed).toContain(`; Path=/invite/${token};`)
    const other = await send(join, { ...NEW, email: "other@example.org", token })
    expect(other.location).toBe("/shares")
  })
})

describe("POST /auth/reset", () => {
  it("changes the password, and keeps no refused one", async () => {
    const id = await ada()
    const token = tokenOf(await makePasswordReset({ by: null, member: { id } }))

    const refused = await send(reset, { token, password: "short" })
    expect(refused.location).toBe(`/reset/${token}?error=invalid&field=password`)
    expect(refused.typed).toBeNull()
    const answer = await send(reset, { token, password: "a new and longer password" })
    expect(answer).toMatchObject({ status: 303, location: "/shares" })
    expect(await readSessionCookie(valueIn(answer.session))).toMatchObject({ sessionEpoch: 1 })
    const again = await send(reset, { token, password: "another and longer one" })
    expect(again.location).toBe(`/reset/${token}?error=gone`)
  })
})

describe("POST /auth/forgot", () => {
  const from = (address: string) => ({ "x-lapse-client-address": address })
  beforeEach(() => mailBy(1)) // no test waits for its mail
  afterEach(withoutMail)

  it("answers alike whether the address has an account, and leaves the rest to a job", async () => {
    await ada()
    for (const email of ["ada@example.org", "nobody@example.org"]) {
      const answer = await send(ask, { email })
      expect(answer).toMatchObject({
        status: 303,
        location: "/forgot?sent=1",
        typed: null,
        body: "",
      })
    }
    const jobs = await db.$queryRaw<{ payload: unknown }[]>`
      SELECT payload FROM graphile_worker._private_jobs ORDER BY id`
    expect(jobs.map(({ payload }) => payload)).toMatchObject([
      { email: "ada@example.org" },
      { email: "nobody@example.org" },
    ])
    expect(await db.passwordReset.count()).toBe(0)
    const wrong = await send(ask, { email: "ada@localhost\r\nBcc: eve@evil.example" })
    expect(wrong.location).toBe("/forgot?error=invalid&field=email")
  })

  it("is slowed for one address, and for one network whatever the addresses", async () => {
    const refused = async (email: string, address: string) => {
      const { status, retryAfter } = await send(ask, { email }, { ...asJson, ...from(address) })
      return status === 429 && Number(retryAfter) > 0
    }
    const answers = []
    for (let time = 0; time < 6; time++) answers.push(await refused("ada@example.org", "192.0.2.1"))
    expect(answers).toEqual([false, false, false, false, false, true])
    expect(await refused("ada@example.org", "192.0.2.2")).toBe(false)

    const flood = []
    for (let time = 0; time < 25; time++) flood.push(await refused(`a${time}@x.org`, "192.0.2.3"))
    expect(flood.filter(Boolean)).toHaveLength(5)
  })

  it("says what is missing where there is no mail", async () => {
    withoutMail()
    const answer = await send(ask, { email: "ada@example.org" }, asJson)
    expect([answer.status, JSON.parse(answer.body).title]).toEqual([
      403,
      "Mail isn’t set up. Ask an admin for a reset link.",
    ])
  })

  it.runIf(process.env.HEAVY)(
    "takes as long for an address with an account as for one without, over 2,000 samples",
    async () => {
      for (let n = 0; n < 20; n++) await aMember({ email: `member${n}@example.org` })
      const times: Record<"member" | "nobody", number[]> = { member: [], nobody: [] }
      for (let n = 0; n < 2_100; n++) {
        const kind = n % 2 ? "member" : "nobody"
        const address = `10.${n >> 8}.${n & 255}.1`
        const started = performance.now()
        await send(ask, { email: `${kind}${n % 20}@example.org` }, from(address))
        if (n >= 100) times[kind].push(performance.now() - started)
      }
      const quantile = (kind: keyof typeof times, share: number) =>
        times[kind].sort((a, b) => a - b)[Math.floor(times[kind].length * share)] ?? 0
      for (const share of [0.25, 0.5, 0.75]) {
        const [one, other] = [quantile("member", share), quantile("nobody", share)]
        console.info(`at ${share}: ${one.toFixed(3)} ms and ${other.toFixed(3)} ms`)
        expect(Math.abs(one - other)).toBeLessThan(0.1 * Math.max(one, other))
      }
    },
  )
})

describe("POST /stop-notices", () => {
  const stop = async (memberId: string, query = "", token = sign("notices", memberId)) => {
    const request = new NextRequest(`${ORIGIN}/stop-notices/${token}${query}`, { method: "POST" })
    const { status, headers } = await stopNotices(request, { params: Promise.resolve({ token }) })
    return [status, headers.get("location")]
  }

  it("stops notices by one press in a mail program, from no origin, or from the page", async () => {
    const [one, other] = [await aMember(), await aMember()]
    expect(await stop(one)).toEqual([200, null])
    expect(await stop(one, "", `${sign("notices", one)}x`)).toEqual([404, null])
    expect(await db.member.count({ where: { notices: false } })).toBe(1)
    const token = sign("notices", other)
    expect(await stop(other, "?back=1")).toEqual([303, `/notices/${token}`])
    expect(await db.member.count({ where: { notices: false } })).toBe(2)
  })
})

describe("POST /auth/sign-out", () => {
  it("ends the session, also for a copy of its cookie, and can be repeated", async () => {
    const cookie = `${sessionCookieName()}=${await aSessionCookie(await aMember())}`
    for (let time = 0; time < 2; time++) {
      const answer = await send(signOut, {}, { cookie })
      expect(answer).toMatchObject({ status: 303, location: "/sign-in" })
      expect(answer.session).toMatch(/Max-Age=0/)
    }
    expect(await db.session.count({ where: { endedAt: null } })).toBe(0)
    expect(await db.auditEntry.count({ where: { action: "session.sign_out" } })).toBe(1)
    expect((await send(signOut, {})).location).toBe("/sign-in")
  })
})

it("a cookie of another program is not treated as input", () => {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")
  for (const wrong of ["", "%", "bm9uc2Vuc2U", encode([]), encode({ email: 7 }), encode("x")]) {
    expect(readTyped(wrong)).toEqual({})
  }
  expect(readTyped(encode({ email: "a".repeat(255) }))).toEqual({})
})

describe("where members sign in only with the provider", () => {
  beforeEach(() => Object.assign(configuration, { PASSWORD_SIGN_IN: false, OIDC_NAME: "Example" }))
  afterEach(() => Object.assign(configuration, { PASSWORD_SIGN_IN: true, OIDC_NAME: undefined }))

  it("accepts no session that a password began, and no password to confirm", async () => {
    const admin = await anAdmin({ passwordHash: await hashPassword(PASSWORD) })
    Object.assign(configuration, { PASSWORD_SIGN_IN: true })
    const { sessionEpoch } = await db.member.findUniqueOrThrow({ where: { id: admin } })
    const session = await startSession({ memberId: admin, sessionEpoch }, "Firefox")
    const member = await findSessionMember(session)
    Object.assign(configuration, { PASSWORD_SIGN_IN: false })

    expect(member && (await findConfirmMeans(member))).toMatchObject({
      password: false,
      code: false,
    })
    for (const confirmation of [{ password: PASSWORD }, { code: "123456" }]) {
      const given = { confirmation, address: "192.0.2.7", challenge: undefined }
      const confirmed = member && confirmMember(member, given)
      await expect(confirmed).rejects.toBeRefusal("not_allowed")
    }
    const step = { step: signSecondStep({ memberId: admin, sessionEpoch }), code: "123456" }
    expect((await send(signIn, step)).location).toContain("error=password_off")
    await expect(offerSecret({ email: "" })).rejects.toBeRefusal("not_allowed")
    expect(await findSessionMember(session)).toBeNull()
  })

  it("accepts no password in any form, but the first admin can still be created", async () => {
    expect(await send(setUp, { ...NEW, code: await setupCode() })).toMatchObject({
      location: "/admin/checks",
    })
    const admin = await anAdmin()
    Object.assign(configuration, { PASSWORD_SIGN_IN: true })
    const { url } = await inviteMember(admin, { email: "ivy@example.org", role: "member" })
    const made = await makePasswordReset({ by: null, member: { email: NEW.email } })
    Object.assign(configuration, { PASSWORD_SIGN_IN: false })

    const refused = [
      await send(signIn, NEW),
      await send(join, { ...NEW, email: "ivy@example.org", token: tokenOf({ url }) }),
      await send(reset, { token: tokenOf(made), password: PASSWORD }),
      await send(ask, { email: NEW.email }),
    ]

    for (const { status, location, session } of refused) {
      expect(status).toBe(303)
      expect(location).toContain("error=password_off")
      expect(session).toBeNull()
    }
    await expect(makePasswordReset({ by: null, member: { email: NEW.email } })).rejects.toBeRefusal(
      "not_allowed",
    )
    expect(await db.member.count({ where: { email: "ivy@example.org" } })).toBe(0)
  })
})
