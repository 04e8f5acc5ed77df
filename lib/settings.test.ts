import { describe, expect, it } from "vitest"
import { parseSettings } from "./settings.ts"

const parse = (more: Record<string, string> = {}) => parseSettings({ ...process.env, ...more })

describe("parseSettings", () => {
  it("lets files be as large as S3 takes and uploads rest for a day, unless told otherwise", () => {
    expect(parse()).toMatchObject({ MAX_FILE_BYTES: 5 * 1024 ** 4, UPLOAD_IDLE_HOURS: 24 })
    expect(parse({ MAX_FILE_BYTES: "", UPLOAD_IDLE_HOURS: "720" })).toMatchObject({
      MAX_FILE_BYTES: 5 * 1024 ** 4,
      UPLOAD_IDLE_HOURS: 720,
    })
  })

  it.each([
    ["MAX_FILE_BYTES", String(5 * 1024 ** 4 + 1)],
    ["MAX_FILE_BYTES", "0"],
    ["UPLOAD_IDLE_HOURS", "0"],
    ["UPLOAD_IDLE_HOURS", "721"],
    ["UPLOAD_IDLE_HOURS", "a day"],
  ])("refuses %s=%s with a sentence that names it", (name, value) => {
    expect(() => parse({ [name]: value })).toThrow(
      new RegExp(`^${name} cannot be used .*: correct it, or unset it\\.$`),
    )
  })
})
