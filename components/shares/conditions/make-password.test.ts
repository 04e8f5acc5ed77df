import { expect, it } from "vitest"
import { makePassword } from "./make-password.ts"

it("makes passwords that differ, in groups that can be read out", () => {
  const made = Array.from({ length: 100 }, makePassword)
  expect(new Set(made).size).toBe(100)
  for (const password of made) expect(password).toMatch(/^([a-km-np-z2-9]{4}-){3}[a-z2-9]{4}$/)
})
