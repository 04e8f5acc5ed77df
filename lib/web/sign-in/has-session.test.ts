import { encode } from "next-auth/jwt"
import { afterEach, describe, expect, it, vi } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { endSession } from "#lib/rooms/accounts/sign-in/session.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { aSession } from "#testing/builders/a-session.ts"
import { withoutDatabase } from "#testing/with-outage.ts"
import { findMemberId, hasSession } from "./has-session.ts"
import { makeSessionCookie, sessionCookieName, tokenOf } from "./session-cookie.ts"

const claim = {
  sessionId: "01a20e4e-d5e3-76f8-bb44-ffb0a8e08a95",
  memberId: "01a20e4e-d5e3-76f8-bb44-ffb0a8e08a94",
  sessionEpoch: 0,
}

const by = (value: string) => ({ cookie: `theme=dark; ${sessionCookieName()}=${value}; a=b` })

const ADDRESS = "192.0.2.1"

afterEach(() => vi.restoreAllMocks())

describe("findMemberId", () => {
  it("is the member of an active session, and refuses one that ended", async () => {
    const id = await aMember()
    const session = await aSession(id)
    const headers = by(await makeSessionCookie(session))
    expect(await findMemberId(headers, ADDRESS)).toBe(id)

    await endSession({ id, ...session }, session.sessionId)
    expect(await hasSession(headers)).toBe(true)
    await expect(findMemberId(headers, ADDRESS)).rejects.toBeRefusal("signed_out")
    expect(await findMemberId({}, ADDRESS)).toBeNull()
  })
})

describe("hasSession", () => {
  it("is true for a cookie that was made here, also when no database answers", async () => {
    const cookie = await makeSessionCookie(claim)

    expect(await hasSession(by(cookie))).toBe(true)
    expect(await withoutDatabase(() => hasSession(by(cookie)))).toBe(true)
  })

  it("is false without a cookie, and for one that is altered, expired or of another secret", async () => {
    const cookie = await makeSessionCookie(claim)
    const expired = await encode({
      token: tokenOf(claim),
      secret: configuration.AUTH_SECRET,
      maxAge: -60,
    })
    vi.spyOn(configuration, "AUTH_SECRET", "get").mockReturnValue(
      "another secret that is long enough",
    )
    const foreign = await makeSessionCookie(claim)
    vi.restoreAllMocks()

    for (const wrong of [`${cookie.slice(0, -4)}AAAA`, expired, foreign, "", "a.b.c.d.e"]) {
      expect(await hasSession(by(wrong))).toBe(false)
    }
    expect(await hasSession({})).toBe(false)
    expect(await hasSession({ cookie: `x-${sessionCookieName()}=${cookie}` })).toBe(false)
    expect(await hasSession({ cookie: cookie })).toBe(false)
  })

  it("uses the cookie that Next reads if there are two of the name", async () => {
    const cookie = `${sessionCookieName()}=${await makeSessionCookie(claim)}`
    const wrong = `${sessionCookieName()}=wrong`

    expect(await hasSession({ cookie: `${wrong}; ${cookie}` })).toBe(true)
    expect(await hasSession({ cookie: `${cookie}; ${wrong}` })).toBe(false)
  })
})
