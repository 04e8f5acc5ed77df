import { expect, it } from "vitest"
import { questionOf } from "./use-question.tsx"

const now = new Date("2026-12-01T12:00:00Z")
const PAST = "2026-12-01T11:00:00Z"
const open = { status: "open", maxDownloads: 5, downloads: 3 } as const

it("asks before a link ends, before its limit is reached, and before its limit is removed", () => {
  expect(questionOf(open, { expiresAt: PAST }, now)).toBe("end")
  expect(questionOf({ ...open, status: "scheduled" }, { expiresAt: PAST }, now)).toBe("end")
  expect(questionOf(open, { maxDownloads: 3 }, now)).toBe("reached")
  expect(questionOf(open, { maxDownloads: null }, now)).toBe("limit")
})

it("asks nothing where nobody is excluded, or the link is closed already", () => {
  expect(questionOf(open, { expiresAt: "2026-12-02T12:00:00Z" }, now)).toBeNull()
  expect(questionOf(open, { expiresAt: null, maxDownloads: 4 }, now)).toBeNull()
  expect(questionOf({ ...open, maxDownloads: null }, { maxDownloads: null }, now)).toBeNull()
  expect(questionOf({ ...open, status: "expired" }, { expiresAt: PAST }, now)).toBeNull()
  expect(questionOf({ ...open, status: "used_up" }, { maxDownloads: 3 }, now)).toBeNull()
})
