import { createTranslator } from "next-intl"
import { describe, expect, it } from "vitest"
import type { CutOffView } from "#lib/cut-offs/cut-off.ts"
import common from "../../messages/en/common.json" with { type: "json" }
import { cutOffText } from "./cut-off-text.ts"

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

describe("the sentence of a cut off", () => {
  it.each<[string, CutOffView]>([
    ["Cutting off…", { ...done(0, {}), state: "running", how: null, doneAt: null, probe: null }],
    [
      "Dead 34 ms later: 3 objects recoloured; an address was tried before (206) and after (403).",
      done(34, { objects: 3 }),
    ],
    [
      "Dead 2.4 s later: 1 object copied to another key; an address was tried before (200) and after (403).",
      done(2_412, { how: "rekeyed", probe: { before: 200, status: 403, at: REQUESTED } }),
    ],
    [
      "Dead 41 s later: the addresses ended by themselves; an address was tried after (403).",
      done(41_200, {
        how: "lapsed",
        objects: 0,
        probe: { before: null, status: 403, at: REQUESTED },
      }),
    ],
    [
      "Dead 4 ms later: no address was out.",
      done(4, { how: "nothing_out", objects: 0, probe: null }),
    ],
    [
      "Dead 20 min later: 2 objects recoloured. No address could be tried to prove it.",
      done(1_204_000, { objects: 2, probe: null }),
    ],
    [
      "Dead 9 ms later: 1 object recoloured, but an address that was tried after still answers (206). Cut off again.",
      done(9, { probe: { before: 206, status: 206, at: REQUESTED } }),
    ],
  ])("is %j", (sentence, cutOff) => {
    expect(cutOffText(cutOff, words)).toBe(sentence)
  })
})
