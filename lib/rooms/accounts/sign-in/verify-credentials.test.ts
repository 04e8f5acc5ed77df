import { beforeEach, describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { aPasskey } from "#testing/builders/factors/a-passkey.ts"
import { aSecondFactor } from "#testing/builders/factors/a-second-factor.ts"
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

  it("gives the same answer for a wrong password, an unknown address, nonsense and a wrong one of a disabled member", async () => {
    await aMember({ email: "ada@example.org", passwordHash })
    await aMember({ email: "out@example.org", passwordHash, disabledAt: new Date() })

    for (const [email, password] of [
      ["ada@example.org", "wrong horse battery"],
      ["nobody@example.org", "correct horse battery"],
      ["out@example.org", "wrong horse battery"],
      ["nonsense", "correct horse battery"],
      ["", ""],
    ] as const) {
      expect(await verifyCredentials({ email, password, address })).toBeNull()
    }
  })

  it("tells only a disabled member who knows the password that they are disabled", async () => {
    await aMember({ email: "out@example.org", passwordHash, disabledAt: new Date() })
    const signIn = verifyCredentials({
      email: "out@example.org",
      password: "correct horse battery",
      address,
    })
    await expect(signIn).rejects.toBeRefusal("account_disabled")
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

    await expect(guess("correct horse battery")).rejects.toBeRefusal("too_many")
  })

  it("asks for a code after a right password, and signs in with both; a wrong password asks for none", async () => {
    const memberId = await aMember({ email: "ada@example.org", passwordHash })
    const { code, recoveryCodes } = await aSecondFactor(memberId)
    const signIn = (given: { password?: string; code?: string } = {}) =>
      verifyCredentials({
        email: "ada@example.org",
        password: "correct horse battery",
        address,
        ...given,
      })

    await expect(signIn()).rejects.toBeRefusal("code_required", { field: "code" })
    await expect(signIn({ code: "000000" })).rejects.toBeRefusal("wrong_code")
    expect(await signIn({ password: "wrong", code: code() })).toBeNull()
    expect(await signIn({ code: code() })).toEqual({ memberId, sessionEpoch: 0, factor: true })
    await expect(signIn({ code: code() })).rejects.toBeRefusal("wrong_code")
    const [recovery = ""] = recoveryCodes
    expect(await signIn({ code: recovery })).not.toBeNull()
    await expect(signIn({ code: recovery })).rejects.toBeRefusal("wrong_code")
  })

  it("lets nobody who has the password try codes without end", async () => {
    const memberId = await aMember({ email: "ada@example.org", passwordHash })
    await aSecondFactor(memberId)
    const codes: unknown[] = []
    for (let n = 0; n < 30; n += 1) {
      await verifyCredentials({
        email: "ada@example.org",
        password: "correct horse battery",
        // Each attempt from a separate address, and every other one without a code.
        address: `203.0.113.${n}`,
        code: n % 2 ? "" : "000000",
      }).catch(({ code }) => codes.push(code))
    }

    expect(codes.filter((code) => code === "wrong_code")).toHaveLength(10)
    expect(codes.filter((code) => code === "too_many")).toHaveLength(5)
  })

  it("refuses the password of a member with a passkey only while a second factor is required", async () => {
    const memberId = await aMember({ email: "ada@example.org", passwordHash })
    await aPasskey(memberId)
    const signIn = () =>
      verifyCredentials({ email: "ada@example.org", password: "correct horse battery", address })
    expect(await signIn()).not.toBeNull()

    await db.setting.create({
      data: { name: "secondFactorRequired", value: true, changedById: memberId },
    })

    await expect(signIn()).rejects.toBeRefusal("passkey_required")
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
