import { createTranslator } from "next-intl"
import { describe, expect, it } from "vitest"
import type { CutOffView } from "#lib/rooms/cut-offs/cut-off.ts"
import common from "../../messages/en/common.json" with { type: "json" }
import { cutOffDetailsText, cutOffText } from "./cut-off-text.ts"

const words = createTranslator({ locale: "en", messages: common, namespace: "cutOff" })
const REQUESTED = "2026-11-25T14:02:20.000Z"

const done = (ms: number, rest: Partial<CutOffView>): CutOffView => ({
  state: "done",
  how: "recoloured",
  requestedAt: REQUESTED,
  doneAt: new Date(Date.parse(REQUESTED) + ms).toISOString(),
  objects: 1,
  probe: { before: 206, status: 403, at: REQUESTED },
  ...rest,
})

describe("the words of a cut off", () => {
  it.each<[string, string | null, CutOffView]>([
    [
      "Blocking active links…",
      null,
      { ...done(0, {}), state: "running", how: null, doneAt: null, probe: null },
    ],
    [
      "Existing download links stopped working in 34 ms. We checked: they worked before and are blocked now.",
      "3 objects retagged. Test request: status 206 before, 403 after.",
      done(34, { objects: 3 }),
    ],
    [
      "Existing download links stopped working in 2.4 s. We checked: they worked before and are blocked now.",
      "1 object copied to a new key. Test request: status 200 before, 403 after.",
      done(2_412, { how: "rekeyed", probe: { before: 200, status: 403, at: REQUESTED } }),
    ],
    [
      "Existing download links stopped working in 41 s. We checked: they are blocked now.",
      "The download links expired. Test request: status 403 after.",
      done(41_200, {
        how: "lapsed",
        objects: 0,
        probe: { before: null, status: 403, at: REQUESTED },
      }),
    ],
    [
      "There were no active download links to block.",
      null,
      done(4, { how: "nothing_out", objects: 0, probe: null }),
    ],
    [
      "Existing download links stopped working in 20 min. We couldn’t run a test request to confirm it.",
      "2 objects retagged.",
      done(1_204_000, { objects: 2, probe: null }),
    ],
    [
      "A test request shows that an existing download link still works. Block active links again.",
      "1 object retagged. Test request: status 206 before, 206 after.",
      done(9, { probe: { before: 206, status: 206, at: REQUESTED } }),
    ],
  ])("are %j with the details %j", (sentence, details, cutOff) => {
    expect(cutOffText(cutOff, words)).toBe(sentence)
    expect(cutOffDetailsText(cutOff, words)).toBe(details)
  })
})
