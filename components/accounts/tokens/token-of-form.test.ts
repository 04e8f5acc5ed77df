import { expect, it } from "vitest"
import { tokenOfForm } from "./token-of-form.ts"

const NOW = "2026-11-30T12:00:00.000Z"
const OFFERED = ["files:write", "shares:write"] as const

function formOf(values: Record<string, string>) {
  const form = new FormData()
  for (const [name, value] of Object.entries(values)) form.set(name, value)
  return form
}

it("reads a new token, without limits that are not set", () => {
  const form = formOf({ name: "Build", days: "90", "files:write": "on", maxDayGb: "" })
  expect(tokenOfForm(form, OFFERED, NOW)).toEqual({
    name: "Build",
    scopes: ["files:write"],
    expiresAt: "2027-02-28T12:00:00.000Z",
  })
})

it("reads the limits, and an end that never comes", () => {
  const limits = { maxDayGb: "1.5", maxShareDays: "7", passwordRequired: "on" }
  const form = formOf({ name: "Build", days: "", "admin:write": "on", ...limits })
  expect(tokenOfForm(form, OFFERED, NOW)).toEqual({
    name: "Build",
    scopes: [],
    expiresAt: null,
    caps: { maxDayBytes: 1_500_000_000, maxShareDays: 7, passwordRequired: true },
  })
})
