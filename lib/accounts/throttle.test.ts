import { describe, expect, it } from "vitest"
import { db } from "#lib/db.ts"
import { Refusal } from "#lib/errors.ts"
import {
  addressPrefix,
  checkAttempt,
  clearAttempts,
  countGuesses,
  sweepAttempts,
} from "./throttle.ts"

const guess = (subject: string, address = "203.0.113.7") =>
  checkAttempt({ purpose: "sign_in", subject, address })

const outcomes = async (attempts: Promise<void>[]) =>
  (await Promise.allSettled(attempts)).filter(({ status }) => status === "fulfilled").length

describe("checkAttempt", () => {
  it("lets exactly ten of sixty simultaneous attempts at one account through", async () => {
    const through = await outcomes(Array.from({ length: 60 }, () => guess("ada@example.org")))

    expect(through).toBe(10)
    expect(await countGuesses("sign_in", "ada@example.org")).toEqual({ guesses: 60, addresses: 1 })
  })

  it("lets exactly a hundred of three hundred attempts at as many accounts through from one address", async () => {
    const through = await outcomes(
      Array.from({ length: 300 }, (_, n) => guess(`member${n}@example.org`)),
    )

    expect(through).toBe(100)
  })

  it("says when to try again", async () => {
    for (let n = 0; n < 10; n += 1) await guess("ada@example.org")

    const refusal = await guess("ada@example.org").catch((error: unknown) => error)

    expect(refusal).toMatchObject({
      code: "too_many",
      message: "Too many attempts. Try again in 5 minutes.",
    })
    expect(refusal).toHaveProperty("retryAfterSeconds", expect.closeTo(300, -1))
  })

  it("never refuses a fresh address, even if many others guessed", async () => {
    await outcomes(
      Array.from({ length: 60 }, (_, n) => guess("ada@example.org", `198.51.100.${n}`)),
    )
    await outcomes(Array.from({ length: 60 }, () => guess("ada@example.org")))

    await expect(guess("ada@example.org", "203.0.113.8")).resolves.toBeUndefined()
  })

  it("counts a whole /64 of IPv6 as one address", async () => {
    const through = await outcomes(
      Array.from({ length: 30 }, (_, n) => guess("ada@example.org", `2001:db8:1:2::${n + 1}`)),
    )

    expect(through).toBe(10)
    await expect(guess("ada@example.org", "2001:db8:1:3::1")).resolves.toBeUndefined()
  })

  it("lets an address try again when its window has ended, and counts exactly then too", async () => {
    await outcomes(Array.from({ length: 60 }, () => guess("ada@example.org")))
    await db.$executeRaw`UPDATE attempt SET window_end_at = now() - interval '1 s'`

    expect(await outcomes(Array.from({ length: 60 }, () => guess("ada@example.org")))).toBe(10)
  })

  it("keeps no address of an account in clear", async () => {
    await guess("ada@example.org")

    const rows = await db.attempt.findMany()
    expect(rows).toHaveLength(2)
    expect(JSON.stringify(rows)).not.toContain("ada")
  })
})

describe("clearAttempts", () => {
  it("deletes the attempts of this address, and of no other", async () => {
    for (let n = 0; n < 5; n += 1) await guess("ada@example.org")
    await guess("ada@example.org", "198.51.100.1")

    await clearAttempts({
      purpose: "sign_in",
      subject: "ada@example.org",
      address: "203.0.113.7",
    })

    expect(await countGuesses("sign_in", "ada@example.org")).toEqual({ guesses: 1, addresses: 1 })
  })

  it("never deadlocks with simultaneous attempts", async () => {
    const attempt = { purpose: "unlock", subject: "a link", address: "203.0.113.7" } as const
    const office = Array.from({ length: 8 }, async () => {
      for (let n = 0; n < 100; n += 1) {
        await checkAttempt(attempt).catch((error) => {
          if (!(error instanceof Refusal)) throw error
        })
        await clearAttempts(attempt)
      }
    })
    await expect(Promise.all(office)).resolves.toHaveLength(8)
  })
})

describe("sweepAttempts", () => {
  it("removes attempts a day after their window and keeps younger ones", async () => {
    await guess("old@example.org")
    await db.$executeRaw`UPDATE attempt SET window_end_at = now() - interval '25 h'`
    await guess("new@example.org", "198.51.100.1")

    await sweepAttempts()

    expect(await db.attempt.count()).toBe(2)
  })
})

describe("addressPrefix", () => {
  it.each([
    ["203.0.113.7", "203.0.113.7"],
    ["::ffff:203.0.113.7", "203.0.113.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["unknown", "unknown"],
    ["", "unknown"],
  ])("reads %s as %s", (address, prefix) => {
    expect(addressPrefix(address)).toBe(prefix)
  })
})
