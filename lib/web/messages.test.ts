import fs from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"

const folder = path.join(import.meta.dirname, "../../messages/en")

describe("the messages of members' pages", () => {
  it.each(fs.readdirSync(folder))(
    "%s names no format, which compiled messages have not",
    (name) => {
      const text = fs.readFileSync(path.join(folder, name), "utf8")
      // "::percent" is compiled; "percent" would be looked up.
      expect(text).not.toMatch(/,\s*(number|date|time)\s*,\s*(?!\s|::)/)
    },
  )
})
