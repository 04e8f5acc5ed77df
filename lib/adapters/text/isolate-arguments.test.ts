import fs from "node:fs"
import path from "node:path"
import compile from "icu-minify/compile"
import { expect, test } from "vitest"
import { isolateArguments } from "./isolate-arguments.ts"

test.each([
  ["نص بلا قيم", "نص بلا قيم"],
  ["حذف {name}؟", "حذف \u2068{name}\u2069؟"],
  ["<b>{a}</b> و{b, number}", "<b>\u2068{a}\u2069</b> و\u2068{b, number}\u2069"],
  [
    "{count, plural, zero {لا شيء} other {# من {name}}} · {size}",
    "{count, plural, zero {لا شيء} other {# من \u2068{name}\u2069}} · \u2068{size}\u2069",
  ],
  [
    "{how, select, yes {{n, plural, one {واحد} other {#}}} other {}}",
    "{how, select, yes {{n, plural, one {واحد} other {#}}} other {}}",
  ],
])("the values of %s are isolated", (message, isolated) => {
  expect(isolateArguments(message)).toBe(isolated)
})

test("every Arabic message differs by isolates alone, and can be parsed", () => {
  const folder = path.join(import.meta.dirname, "../../../messages/ar")
  const spaces = /\s+(?=\}|\w+ \{|=\d+ \{)/g
  const visit = (tree: object) => {
    for (const value of Object.values(tree)) {
      if (typeof value !== "string") {
        visit(value)
        continue
      }
      const isolated = isolateArguments(value)
      expect(() => compile(isolated), value).not.toThrow()
      expect(isolated.replace(/[\u2068\u2069]/g, "").replace(spaces, "")).toBe(
        value.replace(/[\u2068\u2069]/g, "").replace(spaces, ""),
      )
    }
  }
  for (const file of fs.readdirSync(folder)) {
    visit(JSON.parse(fs.readFileSync(path.join(folder, file), "utf8")))
  }
})
