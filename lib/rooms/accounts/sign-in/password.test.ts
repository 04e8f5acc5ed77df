import { describe, expect, it } from "vitest"
import { Refusal } from "#lib/adapters/errors.ts"
import { hashing, hashPassword, verifyPassword } from "./password.ts"

describe("hashPassword and verifyPassword", () => {
  it("accepts the password and no other", async () => {
    const hash = await hashPassword("correct horse battery")

    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await verifyPassword(hash, "correct horse battery")).toBe(true)
    expect(await verifyPassword(hash, "correct horse batterx")).toBe(false)
  })

  it("accepts an umlaut in either composition", async () => {
    expect(await verifyPassword(await hashPassword("Schlüssel-2026"), "Schlu\u0308ssel-2026")).toBe(
      true,
    )
  })

  it("never matches without an account", async () => {
    expect(await verifyPassword(null, "")).toBe(false)
    expect(await verifyPassword(null, "anything at all")).toBe(false)
  })

  it("runs at most two at once", async () => {
    let most = 0
    const watch = setInterval(() => {
      most = Math.max(most, hashing().running)
    }, 1)
    const all = Array.from({ length: 20 }, () => hashPassword("correct horse battery"))
    expect(hashing()).toEqual({ running: 2, waiting: 18 })

    await Promise.all(all)

    clearInterval(watch)
    expect(most).toBe(2)
    expect(hashing()).toEqual({ running: 0, waiting: 0 })
  })

  it("refuses when the queue is full, and recovers", async () => {
    const all = await Promise.allSettled(
      Array.from({ length: 80 }, () => verifyPassword(null, "guess")),
    )

    const refused = all.filter(({ status }) => status === "rejected")
    expect(refused).toHaveLength(80 - 66)
    expect(refused[0]).toMatchObject({ reason: expect.any(Refusal) })
    expect(hashing()).toEqual({ running: 0, waiting: 0 })
  })

  it("frees its place in the queue when a hash is invalid", async () => {
    await expect(verifyPassword("not a hash", "x")).rejects.toThrow()

    expect(hashing().running).toBe(0)
  })
})
