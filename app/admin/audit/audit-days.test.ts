import { expect, it } from "vitest"
import type { ListedEntry } from "#lib/rooms/audit/list-audit.ts"
import { auditDays } from "./audit-days.ts"

const entry = (id: string, at: string, action = "session.start", actor = "Ada"): ListedEntry => ({
  id,
  at,
  actorId: actor,
  actor,
  action,
  targetId: null,
  actId: null,
  origin: null,
  details: {},
  parts: 0,
  partsChanged: "",
})
const shape = (days: ReturnType<typeof auditDays>) =>
  days.map(({ day, runs }) => [day, ...runs.map(({ id, repeats }) => `${id}+${repeats.length}`)])

const ENTRIES = [
  entry("a", "2026-11-30T18:20:00.000Z"),
  entry("b", "2026-11-30T18:10:00.000Z", "share.create"),
  entry("c", "2026-11-30T18:09:00.000Z", "share.create"),
  entry("d", "2026-11-30T18:08:00.000Z", "share.create"),
  entry("e", "2026-11-30T18:07:00.000Z", "share.create", "Bo"),
  entry("f", "2026-11-30T18:06:00.000Z", "share.create", "Bo"),
]

it("groups entries by the reader's days, and folds three in a row in which one person did the same", () => {
  expect(shape(auditDays(ENTRIES, { timeZone: "Asia/Kathmandu", folds: true }))).toEqual([
    ["2026-12-01", "a+0"],
    ["2026-11-30", "b+2", "e+0", "f+0"],
  ])
})

it("shows each entry of a log that is filtered", () => {
  expect(shape(auditDays(ENTRIES, { timeZone: "UTC", folds: false }))).toEqual([
    ["2026-11-30", "a+0", "b+0", "c+0", "d+0", "e+0", "f+0"],
  ])
})
