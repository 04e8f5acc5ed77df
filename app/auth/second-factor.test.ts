import { NextRequest } from "next/server"
import { beforeEach, describe, expect, it, onTestFinished } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { makePasswordReset } from "#lib/rooms/accounts/passwords/make-password-reset.ts"
import { hashPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import { findSessionMember } from "#lib/rooms/accounts/sign-in/session.ts"
import { readTyped } from "#lib/web/forms/typed-cookie.ts"
import { readSessionCookie, sessionCookieName } from "#lib/web/sign-in/session-cookie.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { aSessionCookie } from "#testing/builders/a-session.ts"
import { anAuthenticator, aPasskey } from "#testing/builders/factors/a-passkey.ts"
import { aSecondFactor } from "#testing/builders/factors/a-second-factor.ts"
import { signInWithToken } from "#testing/sign-in-by.ts"
import { POST as passkeyOptions } from "./passkey/options/route.ts"
import { POST as reset } from "./reset/route.ts"

const ORIGIN = "http://localhost:3000"
const signIn = signInWithToken("credentials")
const passkeySignIn = signInWithToken("passkey")
const PASSWORD = "correct horse battery"
const EMAIL = "ada@example.org"

type Route = (request: NextRequest) => Promise<Response>
type Fields = Record<string, string>

/** Sends a form as a browser without script does, unless headers say otherwise. */
async function send(route: Route, fields: Fields, headers: Fields = {}) {
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
      body: new URLSearchParams(fields).toString(),
    }),
  )
  const cookie = (name: string) =>
    answer.headers
      .getSetCookie()
      .find((each) => each.startsWith(`${name}=`))
      ?.match(/=([^;]*)/)?.[1]
  return {
    status: answer.status,
    location: answer.headers.get("location"),
    session: cookie(sessionCookieName()),
    typed: readTyped(cookie("lapse-typed") ?? ""),
    cookie,
    body: await answer.text(),
  }
}

const asJson = { accept: "application/json" }

let passwordHash: string
beforeEach(async () => {
  passwordHash ??= await hashPassword(PASSWORD)
})
const ada = () => aMember({ email: EMAIL, passwordHash })

describe("POST /api/auth/callback/credentials with a second factor", () => {
  it("asks a browser without script for the code alone, and signs in with it", async () => {
    const memberId = await ada()
    const { code } = await aSecondFactor(memberId)

    const first = await send(signIn, { email: EMAIL, password: PASSWORD, callbackUrl: "/files" })
    expect(first.location).toBe("/sign-in?next=%2Ffiles&error=code_required&field=code")
    expect(first.session).toBeUndefined()
    const { step = "" } = first.typed
    expect(first.typed).toEqual({ email: EMAIL, step: expect.stringContaining(memberId) })

    const wrong = await send(signIn, { step, code: "000000" })
    expect(wrong.location).toBe("/sign-in?error=wrong_code&field=code")
    expect(wrong.typed).toMatchObject({ step })
    const right = await send(signIn, { step, code: code(), callbackUrl: "/files" })
    expect(right.location).toBe(`${ORIGIN}/files`)
    expect(await readSessionCookie(right.session)).toMatchObject({ memberId })
  })

  it("answers a call code_required, and signs in with all three", async () => {
    const { code } = await aSecondFactor(await ada())
    const form = { email: EMAIL, password: PASSWORD }

    const first = await send(signIn, form, asJson)
    expect([first.status, JSON.parse(first.body).code]).toEqual([401, "code_required"])
    const wrong = await send(signIn, { ...form, code: "000000" }, asJson)
    expect([wrong.status, JSON.parse(wrong.body).code]).toEqual([401, "wrong_code"])
    const right = await send(signIn, { ...form, code: code(), json: "true" })
    expect([right.status, right.session]).toEqual([200, expect.any(String)])
  })

  it("accepts no step that was altered, is too old, or precedes a password change", async () => {
    const memberId = await ada()
    const { code } = await aSecondFactor(memberId)
    const { step = "" } = (await send(signIn, { email: EMAIL, password: PASSWORD })).typed
    const other = await aMember()
    const refused = "/sign-in?error=code_too_late"

    expect((await send(signIn, { step: `${step}x`, code: code() })).location).toBe(refused)
    const forged = step.replace(memberId, other)
    expect((await send(signIn, { step: forged, code: code() })).location).toBe(refused)
    await db.member.update({
      where: { id: memberId },
      data: { sessionEpoch: 1 },
      select: { id: true },
    })
    expect((await send(signIn, { step, code: code() })).location).toBe(refused)
  })
})

describe("POST /api/auth/callback/passkey", () => {
  async function answered(memberId: Awaited<ReturnType<typeof ada>>) {
    const { authenticator } = await aPasskey(memberId)
    const begun = await send(passkeyOptions, {})
    const { challenge, allowCredentials, userVerification } = JSON.parse(begun.body)
    expect([allowCredentials, userVerification]).toEqual([[], "required"])
    const cookie = `lapse-passkey=${begun.cookie("lapse-passkey")}`
    return { cookie, answer: JSON.stringify(authenticator.answer(challenge)) }
  }

  it("signs in once, and redirects to the requested page", async () => {
    const memberId = await ada()
    const { cookie, answer } = await answered(memberId)
    const form = { answer, callbackUrl: "/files" }

    expect((await send(passkeySignIn, form)).location).toBe("/sign-in?next=%2Ffiles&error=passkey")
    const signedIn = await send(passkeySignIn, form, { cookie })
    expect(signedIn).toMatchObject({ status: 302, location: `${ORIGIN}/files` })
    expect(await readSessionCookie(signedIn.session)).toMatchObject({ memberId })
    const again = await send(passkeySignIn, form, { cookie })
    expect([again.location, again.session]).toEqual([
      "/sign-in?next=%2Ffiles&error=passkey",
      undefined,
    ])
  })

  it("is refused where the provider alone signs people in", async () => {
    const { cookie, answer } = await answered(await ada())
    onTestFinished(() => void Object.assign(configuration, { PASSWORD_SIGN_IN: true }))
    Object.assign(configuration, { PASSWORD_SIGN_IN: false })

    expect((await send(passkeyOptions, {}, asJson)).status).toBe(403)
    const refused = await send(passkeySignIn, { answer }, { cookie })
    expect([refused.status, refused.session]).toEqual([303, undefined])
    Object.assign(configuration, { PASSWORD_SIGN_IN: true })
    expect((await send(passkeySignIn, { answer }, { cookie })).session).toBeDefined()
  })

  it("refuses a form of another site, an unknown passkey and an invalid answer", async () => {
    const memberId = await ada()
    const { cookie, answer } = await answered(memberId)
    const evil = { cookie, origin: "https://evil.example" }
    expect((await send(passkeySignIn, { answer }, evil)).status).toBe(403)
    expect((await send(passkeyOptions, {}, evil)).status).toBe(403)

    const unknown = JSON.stringify(anAuthenticator(memberId).answer("challenge"))
    for (const wrong of [unknown, "{", "", '{"id":"x"}', "a".repeat(5_000)]) {
      const { status, session } = await send(passkeySignIn, { answer: wrong }, { cookie })
      expect([status, session]).toEqual([303, undefined])
    }
  })
})

describe("POST /auth/reset with a second factor", () => {
  it("sets the password without signing in", async () => {
    const memberId = await ada()
    await aSecondFactor(memberId)
    const { url } = await makePasswordReset({ by: null, member: { id: memberId } })
    const token = url.split("/").at(-1) ?? ""
    const answer = await send(reset, { token, password: "a new and longer password" })

    expect([answer.location, answer.session]).toEqual(["/sign-in?notice=password-set", undefined])
    const form = { email: EMAIL, password: "a new and longer password" }
    expect((await send(signIn, form)).typed).toMatchObject({ email: EMAIL })
  })
})

describe("session fixation", () => {
  it("fails: a sign-in starts a session of its own, whatever cookie the browser had", async () => {
    const [memberId, attacker] = [await ada(), await aMember()]
    const planted = await aSessionCookie(attacker)
    const cookie = `${sessionCookieName()}=${planted}`
    const form = { email: EMAIL, password: PASSWORD }

    const { session } = await send(signIn, form, { cookie })

    const [own, before] = [await readSessionCookie(session), await readSessionCookie(planted)]
    if (!own || !before) throw new Error("both are session cookies")
    expect(own).toMatchObject({ memberId })
    expect(own.sessionId).not.toBe(before.sessionId)
    expect(await findSessionMember(before)).toMatchObject({ id: attacker })
    expect(await findSessionMember({ ...before, memberId })).toBeNull()
    expect(await findSessionMember({ ...own, sessionId: before.sessionId })).toBeNull()
  })
})
