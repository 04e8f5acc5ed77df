import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { Refusal } from "#lib/adapters/errors.ts"
import { addressNetwork, addressPrefix } from "#lib/adapters/http/address-prefix.ts"
import { checkAttempt, clearAttempts, countGuesses, sweepAttempts } from "./attempt-limits.ts"

const guess = (subject: string, address = "203.0.113.7") =>
  checkAttempt({ purpose: "sign_in", subject, address })

const outcomes = async (attempts: Promise<unknown>[]) =>
  (await Promise.allSettled(attempts)).filter(({ status }) => status === "fulfilled").length

describe("checkAttempt", () => {
  it("lets exactly ten of sixty simultaneous attempts at one account through", async () => {
    const through = await outcomes(Array.from({ length: 60 }, () => guess("ada@example.org")))

    expect(through).toBe(10)
    expect(await countGuesses("sign_in", "ada@example.org")).toEqual({ guesses: 60, addresses: 1 })
  })

  it("lets exactly a hundred of three hundred attempts at different accounts through from one address", async () => {
    const through = await outcomes(
      Array.from({ length: 300 }, (_, n) => guess(`member${n}@example.org`)),
    )

    expect(through).toBe(100)
  })

  it("says when to try again", async () => {
    for (let n = 0; n < 10; n += 1) await guess("ada@example.org")

    const refusal = await guess("ada@example.org").catch((error: unknown) => error)

    expect(refusal).toBeRefusal("too_many", {
      message: "Too many attempts. Try again in 5 minutes.",
    })
    expect(refusal).toHaveProperty("retryAfterSeconds", expect.closeTo(300, -1))
  })

  it("never refuses a fresh address, even if many others guessed", async () => {
    await outcomes(
      Array.from({ length: 60 }, (_, n) => guess("ada@example.org", `198.51.100.${n}`)),
    )
    await outcomes(Array.from({ length: 60 }, () => guess("ada@example.org")))

    await expect(guess("ada@example.org", "203.0.113.8")).resolves.toBeDefined()
  })

  it("counts a whole /64 of IPv6 as one address", async () => {
    const through = await outcomes(
      Array.from({ length: 30 }, (_, n) => guess("ada@example.org", `2001:db8:1:2::${n + 1}`)),
    )

    expect(through).toBe(10)
    await expect(guess("ada@example.org", "2001:db8:1:3::1")).resolves.toBeDefined()
  })

  it("counts a /48 of IPv6 too, because its /64s belong to one customer", async () => {
    const from = (n: number) => `2001:db8:7:${n.toString(16)}::1`
    const through = await outcomes(
      Array.from({ length: 100 }, (_, n) => guess("ada@example.org", from(n))),
    )

    expect(through).toBe(40)
    await expect(guess("ada@example.org", "2001:db8:8::1")).resolves.toBeDefined()
  })

  it("does not count the refused attempts of a /64 against its /48", async () => {
    for (let n = 0; n < 60; n += 1)
      await guess("ada@example.org", "2001:db8:7:1::1").catch(() => null)

    expect(
      await outcomes(
        Array.from({ length: 30 }, (_, n) => guess("ada@example.org", `2001:db8:7:2${n}::1`)),
      ),
    ).toBe(30)
  })

  it("makes no rows for refused attempts, whatever the number of email addresses", async () => {
    await outcomes(Array.from({ length: 600 }, (_, n) => guess(`member${n}@example.org`)))
    expect(await db.attempt.count()).toBe(101)
    for (let n = 0; n < 50; n += 1) await guess(`again${n}@example.org`).catch(() => null)
    expect(await db.attempt.count()).toBe(101)
  })

  it("keeps the table bounded whatever subjects and /64s a flood from one /48 makes up", async () => {
    await outcomes(
      Array.from({ length: 1200 }, (_, n) =>
        guess(`${n}@example.org`, `2001:db8:7:${n.toString(16)}::1`),
      ),
    )
    // One row for the network, and three for each attempt that it allows: the address, the subject
    // and both.
    expect(await db.attempt.count()).toBeLessThanOrEqual(1 + 3 * 400)
    const before = await db.attempt.count()
    for (let n = 0; n < 50; n += 1)
      await guess(`again${n}@example.org`, `2001:db8:7:f${n}::1`).catch(() => null)
    expect(await db.attempt.count()).toBe(before)
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

describe("a known browser", () => {
  const from = (knownBrowser: string | null, subject = "ada@example.org") =>
    checkAttempt({ purpose: "sign_in", subject, address: "203.0.113.7", knownBrowser })

  it("is not slowed by strangers at its address, and has a budget of its own", async () => {
    await outcomes(Array.from({ length: 300 }, (_, n) => guess(`member${n}@example.org`)))
    await outcomes(Array.from({ length: 60 }, () => guess("ada@example.org")))
    await expect(from(null)).rejects.toBeRefusal("too_many")

    expect(await outcomes(Array.from({ length: 40 }, () => from("browser")))).toBe(10)
    await expect(from("another")).resolves.toBeDefined()
  })

  it("shares a budget with the other known browsers of its subject, so that many cookies do not raise the limit", async () => {
    await outcomes(Array.from({ length: 300 }, (_, n) => guess(`member${n}@example.org`)))

    expect(await outcomes(Array.from({ length: 200 }, (_, n) => from(`browser ${n}`)))).toBe(50)
  })

  it("gives its address no attempts back for right passwords", async () => {
    await outcomes(Array.from({ length: 300 }, (_, n) => guess(`member${n}@example.org`)))
    for (let n = 0; n < 250; n += 1) await clearAttempts(await from("browser"))

    await expect(guess("new@example.org")).rejects.toBeRefusal("too_many")
  })
})

describe("clearAttempts", () => {
  it("deletes the attempts of this address, and of no other", async () => {
    for (let n = 0; n < 4; n += 1) await guess("ada@example.org")
    await guess("ada@example.org", "198.51.100.1")

    await clearAttempts(await guess("ada@example.org"))

    expect(await countGuesses("sign_in", "ada@example.org")).toEqual({ guesses: 1, addresses: 1 })
  })

  it("never deadlocks with simultaneous attempts", async () => {
    const attempt = { purpose: "unlock", subject: "a link", address: "2001:db8::7" } as const
    const office = Array.from({ length: 8 }, async () => {
      for (let n = 0; n < 100; n += 1) {
        try {
          await clearAttempts(await checkAttempt(attempt))
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
        }
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

describe("addressNetwork", () => {
  it.each([
    ["203.0.113.7", "203.0.113.0/24"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"],
    ["unknown", "unknown"],
  ])("reads %s as %s", (address, network) => {
    expect(addressNetwork(address)).toBe(network)
  })
})
