import { describe, expect, it } from "vitest"
import { isolateValues } from "./isolate.ts"

const isolate = (value: string, isRightToLeft: boolean) =>
  isolateValues({ value }, isRightToLeft)?.value

describe("a value of a message", () => {
  it("keeps its direction if it may differ from that of the page", () => {
    expect(isolate("Nora North", true)).toBe("\u2068Nora North\u2069")
    expect(isolate("ليلى", false)).toBe("\u2068ليلى\u2069")
    expect(isolate("Nora North", false)).toBe("Nora North")
    expect(isolate("yes", true)).toBe("yes")
  })

  it("has the page's direction if it is a message with values", () => {
    const time = "\u2068الخميس، 2:31 ص\u2069 (\u2068توقيت وسط أوروبا\u2069)"
    expect(isolate(time, true)).toBe(`\u2067${time}\u2069`)
  })
})
