import { expect, it } from "vitest"
import { fromLocalInput, toLocalInput } from "./date-time-input.ts"

// Tests run in Kathmandu, 5:45 ahead of UTC.
it("shows a moment in the browser's zone and reads it back as the same moment", () => {
  const at = new Date("2026-11-24T18:30:00Z")

  expect(toLocalInput(at)).toBe("2026-11-25T00:15")
  expect(toLocalInput(at, "America/New_York")).toBe("2026-11-24T13:30")
  expect(fromLocalInput("2026-11-25T00:15")).toBe("2026-11-24T18:30:00.000Z")
})

it.each(["", "2026-11-", "nonsense"])("reads %j as incomplete", (text) => {
  expect(fromLocalInput(text)).toBeNull()
})
