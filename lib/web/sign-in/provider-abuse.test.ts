import { NextRequest } from "next/server"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { GET as callback } from "#app/api/auth/callback/oidc/route.ts"
import { GET as begin } from "#app/auth/oidc/route.ts"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { anAdmin } from "#testing/builders/a-member.ts"
import { startProvider } from "#testing/provider/identity-provider.ts"
import {
  aBrowser,
  atCallback,
  CALLBACK,
  isElsewhere,
  pathOf,
} from "#testing/provider/test-browser.ts"
import { PEOPLE, withStartedProvider } from "#testing/provider/with-provider.ts"
import { sessionCookieName } from "./session-cookie.ts"

const { provider, set } = await withStartedProvider()
beforeEach(async () => {
  await anAdmin({ email: "grace@example.org" })
})
afterEach(() => vi.restoreAllMocks())

const signIn = async (open = aBrowser()) => pathOf(await open.open("/auth/oidc?next=/files"))
const times = <Result>(count: number, work: () => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, work))

describe("sign-ins with the provider from one address", () => {
  const begun = async () => (await aBrowser().open("/auth/oidc", isElsewhere)).pathname

  it("may begin thirty times in five minutes, and then have to wait at any step", async () => {
    const member = aBrowser()
    await signIn(member)
    const late = aBrowser()
    const back = await late.open("/auth/oidc", atCallback)

    const paths = await times(35, begun)

    expect(paths.filter((path) => path === "/auth")).toHaveLength(29)
    expect(paths.filter((path) => path === "/sign-in")).toHaveLength(6)
    for (const path of ["/auth/oidc?next=/files", back.href]) {
      const { pathname, searchParams } = await late.open(path)
      expect([pathname, searchParams.get("error")]).toEqual(["/sign-in", "attempts"])
      expect(Date.parse(searchParams.get("until") ?? "") - Date.now()).toBeGreaterThan(200_000)
    }
    // A member's browser is known, so sign-ins that others begin at its address do not keep it out.
    const confirm = await member.open("/auth/oidc/confirm?next=/admin")
    expect(confirm.pathname).toBe("/admin")
    member.cookies().delete(sessionCookieName())
    expect(await signIn(member)).toBe("/files")
  })

  it("have as many attempts by a known browser, and then none", async () => {
    const member = aBrowser()
    await signIn(member)
    member.cookies().delete(sessionCookieName())
    const once = async () => (await member.open("/auth/oidc", isElsewhere)).pathname

    const paths = await times(61, once)

    // First the attempts of the browser, then the attempts of its address.
    expect(paths.filter((path) => path === "/auth")).toHaveLength(60)
  })

  it("are not begun by a frame or a picture in another page, nor ended by one", async () => {
    const hidden = async (path: string, headers: Record<string, string>) => {
      const asked = new NextRequest(`${configuration.APP_URL}${path}`, { headers })
      const answer = await (path.startsWith(CALLBACK) ? callback(asked) : begin(asked))
      expect(answer.headers.getSetCookie()).toEqual([])
      return answer.status
    }
    for (const dest of ["iframe", "frame", "embed", "object"]) {
      const headers = { "sec-fetch-mode": "navigate", "sec-fetch-dest": dest }
      for (let n = 0; n < 10; n++) expect(await hidden("/auth/oidc", headers)).toBe(200)
    }
    const picture = { "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" }
    for (let n = 0; n < 40; n++) await hidden(`${CALLBACK}?error=access_denied&state=x`, picture)

    expect(await db.attempt.count({ where: { purpose: "provider" } })).toBe(0)
  })

  it("that succeed are not counted, so that a whole office signs in", async () => {
    for (let person = 0; person < 20; person++) expect(await signIn()).toBe("/files")
  })

  it("ask for the discovery document once", async () => {
    const before = provider.discoveries()
    for (let person = 0; person < 3; person++) expect(await signIn()).toBe("/files")
    expect(provider.discoveries() - before).toBe(1)
  })
})

describe("an address in the ID token", () => {
  it("is not verified by what userinfo says of another one", async () => {
    set({ OIDC_ALLOWED_GROUPS: ["staff"] })
    provider.tamperWith(({ email_verified: _, groups: __, ...claims }) => ({
      ...claims,
      email: "grace@example.org",
    }))
    expect(await signIn()).toBe("/sign-in?error=provider_unsaid")
    expect(await db.identity.count()).toBe(0)
  })

  it("is verified by what userinfo says of the same one", async () => {
    provider.tamperWith(({ email_verified: _, ...claims }) => ({
      ...claims,
      email: "Nora@Example.org",
    }))
    expect(await signIn()).toBe("/files")
    expect(await db.member.count({ where: { email: "nora@example.org" } })).toBe(1)
  })
})

describe("a callback", () => {
  it.each(["ANY+TEXT", "a".repeat(41), "line%0Aline", "%C5%BE"])(
    "that nobody asked for writes nothing into the log, and one that was asked for no text of its own: %s",
    async (error) => {
      const warn = vi.spyOn(log, "warn").mockImplementation(() => {})
      const answer = `${CALLBACK}?error=${error}&error_description=ANY+TEXT&state=`

      expect(pathOf(await aBrowser().open(`${answer}x`))).toBe("/sign-in?error=provider_failed")
      expect(warn).not.toHaveBeenCalled()

      const open = aBrowser()
      const asked = await open.open("/auth/oidc", isElsewhere)
      const at = await open.open(`${answer}${asked.searchParams.get("state")}&callbackUrl=%5B`)
      expect(pathOf(at)).toBe("/sign-in?error=provider_setup")
      expect(warn.mock.calls).toEqual([
        [{ code: expect.any(String), reason: "unknown_error" }, expect.any(String)],
      ])
    },
  )

  it("that this browser did not begin ends no sign-in that is in progress", async () => {
    const open = aBrowser()
    const back = await open.open("/auth/oidc?next=/files", atCallback)
    await open.open(`${CALLBACK}?error=access_denied&state=guessed`)
    expect(pathOf(await open.open(back.href))).toBe("/files")
  })
})

describe("a cookie that another host of the domain set", () => {
  it.each(["garbage", "javascript:alert(1)", "https://evil.example/", "//evil.example/"])(
    "stops no sign-in: %s",
    async (value) => {
      const open = aBrowser()
      open.cookies().set("next-auth.callback-url", encodeURIComponent(value))
      expect(await signIn(open)).toBe("/files")
      open.cookies().delete(sessionCookieName())

      const back = await open.open("/auth/oidc", atCallback)
      open.cookies().set("next-auth.callback-url", encodeURIComponent(value))
      expect((await open.open(back.href)).origin).toBe(configuration.APP_URL)
      expect(open.cookies().has(sessionCookieName())).toBe(true)
    },
  )
})

describe("the time of the sign-in", () => {
  const wanted = JSON.stringify({ id_token: { auth_time: { essential: true } } })
  const claimsAt = async (path: string, open = aBrowser()) =>
    (await open.open(path, isElsewhere)).searchParams.get("claims")

  it("is asked for where the provider takes claims, and nowhere else", async () => {
    expect(await claimsAt("/auth/oidc")).toBeNull()

    const asking = await startProvider({ people: PEOPLE, takesClaims: true })
    set({ OIDC_ISSUER: asking.issuer })
    expect(await claimsAt("/auth/oidc")).toBe(wanted)
    const open = aBrowser()
    expect(await signIn(open)).toBe("/files")
    expect(await claimsAt("/auth/oidc/confirm", open)).toBe(wanted)
    await asking.close()
  })
})
