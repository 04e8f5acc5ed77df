import { describe, expect, it } from "vitest"
import { sign } from "#lib/adapters/secrets.ts"
import { DAY } from "#testing/units.ts"
import {
  findKnownMember,
  KNOWN_BROWSER_SECONDS,
  knownBrowserCookie,
  readKnownBrowser,
  signKnownBrowser,
} from "./known-browser.ts"

const account = { kind: "member", id: "01a20e4e-d5e3-76f8-bb44-ffb0a8e08a94" } as const
const now = new Date("2026-11-25T12:00:00Z")

describe("the cookie of a known browser", () => {
  it("is valid only for its own account or link", () => {
    const cookie = signKnownBrowser(account, undefined, now)

    expect(readKnownBrowser(account, cookie, now)).toMatch(/^[\w-]{16}$/)
    for (const other of [
      { ...account, kind: "link" },
      { ...account, id: "01a20e4e-d5e3-76f8-bb44-ffb0a8e08a95" },
    ] as const) {
      expect(readKnownBrowser(other, cookie, now)).toBeNull()
    }
  })

  it("is ignored when altered, missing, expired or signed for something else", () => {
    const cookie = signKnownBrowser(account, undefined, now)
    const [value = ""] = cookie.split(".")
    const after = new Date(now.getTime() + (KNOWN_BROWSER_SECONDS + 1) * 1000)

    expect(readKnownBrowser(account, cookie, after)).toBeNull()
    for (const wrong of [
      undefined,
      "",
      value,
      `x${cookie}`,
      ...(["link", "ticket", "visit", "unlock", "back"] as const).map((purpose) =>
        sign(purpose, value),
      ),
    ]) {
      expect(readKnownBrowser(account, wrong, now)).toBeNull()
    }
  })

  it("identifies the member of a browser, but nobody by the cookie of a link", () => {
    const cookie = signKnownBrowser(account, undefined, now)
    const link = signKnownBrowser({ ...account, kind: "link" }, undefined, now)
    const name = knownBrowserCookie(account.id)
    const of = (...values: string[]) =>
      findKnownMember(
        values.map((value) => ({ name, value })),
        now,
      )

    expect(of("forged.signature", link, cookie)).toEqual({
      memberId: account.id,
      browser: readKnownBrowser(account, cookie, now),
    })
    expect(of("forged.signature", link)).toBeNull()
    expect(findKnownMember([{ name: "another", value: cookie }], now)).toBeNull()
  })

  it("keeps the browser's id, so that signing in again gives no new attempts", () => {
    const first = signKnownBrowser(account, undefined, now)
    const again = signKnownBrowser(account, first, new Date(now.getTime() + DAY))

    expect(again).not.toBe(first)
    expect(readKnownBrowser(account, again, now)).toBe(readKnownBrowser(account, first, now))
    expect(readKnownBrowser(account, signKnownBrowser(account, undefined, now), now)).not.toBe(
      readKnownBrowser(account, first, now),
    )
  })
})
