import { afterEach, describe, expect, it, vi } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import {
  makeSessionCookie,
  readSessionCookie,
  sessionCookieName,
  sessionCookieOptions,
} from "./session-cookie.ts"

const claim = {
  sessionId: "01a20e4e-d5e3-76f8-bb44-ffb0a8e08a95",
  memberId: "01a20e4e-d5e3-76f8-bb44-ffb0a8e08a94",
  sessionEpoch: 3,
}

afterEach(() => vi.restoreAllMocks())

describe("the session cookie", () => {
  it("returns its content, and reveals it to nobody else", async () => {
    const cookie = await makeSessionCookie(claim)

    expect(await readSessionCookie(cookie)).toEqual(claim)
    expect(Buffer.from(cookie.split(".")[3] ?? "", "base64url").toString()).not.toContain(
      "01a20e4e",
    )
  })

  it("is ignored when altered, missing or made with another secret", async () => {
    const cookie = await makeSessionCookie(claim)
    const altered = `${cookie.slice(0, -3)}${cookie.endsWith("AAA") ? "BBB" : "AAA"}`
    vi.spyOn(configuration, "AUTH_SECRET", "get").mockReturnValue(
      "another secret of the necessary length",
    )
    const foreign = await makeSessionCookie(claim)
    vi.restoreAllMocks()

    for (const wrong of [altered, foreign, "", undefined, "a.b.c.d.e"]) {
      expect(await readSessionCookie(wrong)).toBeNull()
    }
  })

  it("is Secure exactly on https, and never readable by scripts", () => {
    expect(sessionCookieName()).toBe("next-auth.session-token")
    expect(sessionCookieOptions()).toMatchObject({ httpOnly: true, sameSite: "lax", secure: false })

    vi.spyOn(configuration, "APP_URL", "get").mockReturnValue("https://files.example.org")

    expect(sessionCookieName()).toBe("__Secure-next-auth.session-token")
    expect(sessionCookieOptions()).toMatchObject({ httpOnly: true, sameSite: "lax", secure: true })
  })
})
