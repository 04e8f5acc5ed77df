import { setTimeout as sleep } from "node:timers/promises"
import { beforeEach, describe, expect, it, vi } from "vitest"
import { aMember } from "#testing/builders/a-member.ts"
import { knownBrowserCookie, signKnownBrowser } from "./sign-in/known-browser.ts"
import { hashing, hashPassword, verifyPassword } from "./sign-in/password.ts"
import { verifyCredentials } from "./sign-in/verify-credentials.ts"

const address = "203.0.113.7"
let passwordHash: string

beforeEach(async () => {
  passwordHash ??= await hashPassword("correct horse battery")
})

describe("a flood from 100 /64s of one /48", () => {
  it("refuses none of 11 right sign-ins from elsewhere", async () => {
    const password = "correct horse battery"
    const emails = Array.from({ length: 11 }, (_, n) => `member${n}@example.org`)
    for (const email of emails) await aMember({ email, passwordHash })
    const flood = Promise.allSettled(
      Array.from({ length: 120 }, (_, n) =>
        verifyCredentials({
          email: `${n}@example.com`,
          password: "guess",
          address: `2001:db8:7:${(n % 100).toString(16)}::${n}`,
        }),
      ),
    )
    await vi.waitFor(() => expect(hashing().waiting).toBeGreaterThan(20), { timeout: 10_000 })

    const signedIn = await Promise.all(
      emails.map((email, n) =>
        verifyCredentials({ email, password, address: `203.0.113.${n + 1}` }),
      ),
    )

    expect(signedIn.filter((claim) => claim !== null)).toHaveLength(11)
    await flood
  })

  it("does not slow down unlocking, which has its own queue", async () => {
    const flood = Promise.allSettled(
      Array.from({ length: 60 }, (_, n) =>
        verifyPassword(null, "guess", { queue: "sign_in", from: `198.51.${n}.1` }),
      ),
    )
    await verifyPassword(null, "guess", { queue: "unlock", from: "203.0.113.7" })
    expect(hashing().waiting).toBeGreaterThan(50)
    await flood
  })
})

describe("while a stranger floods the one address that everybody has behind an unknown proxy", () => {
  const owner = { email: "ada@example.org", password: "correct horse battery", address }

  it("the owner signs in from a browser that signed in before, and no other", async () => {
    const id = await aMember({ email: owner.email, passwordHash })
    const otherId = await aMember({ email: "eve@example.org", passwordHash })
    const cookieOf = (memberId: string) =>
      signKnownBrowser({ kind: "member", id: memberId }, undefined)
    const jarOf = (name: string, value: string) => (asked: string) =>
      asked === name ? value : undefined
    let [flooding, refused] = [true, 0]
    const flood = Array.from({ length: 40 }, async (_, n) => {
      while (flooding) {
        const email = n % 2 ? owner.email : `${n}@example.com`
        await verifyCredentials({ email, password: "guess", address }).catch(async () => {
          refused++
          await sleep(50)
        })
      }
    })
    await vi.waitFor(() => expect(refused).toBeGreaterThan(20), { timeout: 15_000 })

    await expect(verifyCredentials(owner)).rejects.toBeRefusal("too_many")
    const eves = jarOf(knownBrowserCookie(id), cookieOf(otherId))
    await expect(verifyCredentials({ ...owner, cookie: eves })).rejects.toBeRefusal("too_many")
    const own = jarOf(knownBrowserCookie(id), cookieOf(id))
    for (let n = 0; n < 4; n += 1) {
      expect(await verifyCredentials({ ...owner, cookie: own })).toMatchObject({ memberId: id })
    }
    const guesses = await Promise.allSettled(
      Array.from({ length: 13 }, () =>
        verifyCredentials({ ...owner, password: "guess", cookie: own }),
      ),
    )
    expect(guesses.filter(({ status }) => status === "fulfilled")).toHaveLength(10)
    flooding = false
    await Promise.all(flood)
  })
})
