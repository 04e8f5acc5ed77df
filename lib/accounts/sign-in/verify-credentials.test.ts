import { beforeEach, describe, expect, it } from "vitest"
import { aMember } from "#testing/builders/a-member.ts"
import { hashPassword } from "./password.ts"
import { verifyCredentials } from "./verify-credentials.ts"

const address = "203.0.113.7"
let passwordHash: string

beforeEach(async () => {
  passwordHash ??= await hashPassword("correct horse battery")
})

describe("verifyCredentials", () => {
  it("accepts the right password, whatever the case of the address and the blanks around it", async () => {
    const id = await aMember({ email: "ada@example.org", passwordHash })

    const claim = await verifyCredentials({
      email: " Ada@Example.ORG ",
      password: "correct horse battery",
      address,
    })

    expect(claim).toEqual({ memberId: id, sessionEpoch: 0 })
  })

  it("gives the same answer for a wrong password, an unknown address, nonsense and a disabled member", async () => {
    await aMember({ email: "ada@example.org", passwordHash })
    await aMember({ email: "out@example.org", passwordHash, disabledAt: new Date() })

    for (const [email, password] of [
      ["ada@example.org", "wrong horse battery"],
      ["nobody@example.org", "correct horse battery"],
      ["out@example.org", "correct horse battery"],
      ["nonsense", "correct horse battery"],
      ["", ""],
    ] as const) {
      expect(await verifyCredentials({ email, password, address })).toBeNull()
    }
  })

  it("takes as long for an unknown address as for a known one", async () => {
    await aMember({ email: "ada@example.org", passwordHash })
    const times = { "ada@example.org": 0, "nobody@example.org": 0 }

    for (let n = 0; n < 8; n += 1) {
      for (const email of ["ada@example.org", "nobody@example.org"] as const) {
        const began = performance.now()
        await verifyCredentials({ email, password: "wrong", address: `203.0.113.${n}` })
        times[email] += performance.now() - began
      }
    }

    expect(times["nobody@example.org"]).toBeGreaterThan(times["ada@example.org"] / 4)
    expect(times["nobody@example.org"]).toBeLessThan(times["ada@example.org"] * 4)
  })

  it("checks no password after too many wrong ones, not even the right one", async () => {
    await aMember({ email: "ada@example.org", passwordHash })
    const guess = (password: string) =>
      verifyCredentials({ email: "ada@example.org", password, address })
    for (let n = 0; n < 10; n += 1) await guess("wrong")

    await expect(guess("correct horse battery")).rejects.toMatchObject({ code: "too_many" })
  })

  it("does not throttle ten right passwords in a row", async () => {
    await aMember({ email: "ada@example.org", passwordHash })

    for (let n = 0; n < 12; n += 1) {
      const password = "correct horse battery"
      expect(
        await verifyCredentials({ email: "ada@example.org", password, address }),
      ).not.toBeNull()
    }
  })
})
