import { expect, test } from "vitest"
import { dialectOf } from "./dialect.ts"

test.each([
  ["de", ["de-AT", "de", "en"], "de-AT"],
  ["de", ["en-US", "en", "de"], "de"],
  ["en", ["en-US"], "en-US"],
  ["en", ["de-DE"], "en-GB"],
  ["pt-BR", ["pt-PT", "pt"], "pt-PT"],
  ["zh-CN", ["zh-TW", "zh-SG"], "zh-SG"],
  ["zh-CN", ["zh-TW", "zh"], "zh-CN"],
  ["ar", ["ar-EG"], "ar-EG"],
  ["fr", ["not a tag", "x-y", "fr-CA"], "fr-CA"],
])("a page in %s for a browser of %j shows times in %s", (language, preferred, dialect) => {
  expect(dialectOf(language, preferred)).toBe(`${dialect}-u-nu-latn`)
})

test("a reader in Egypt reads the same digits in times as in sizes", () => {
  const format = new Intl.DateTimeFormat(dialectOf("ar", ["ar-EG"]), {
    minute: "numeric",
    timeZone: "UTC",
  })
  expect(format.format(new Date("2026-11-26T18:35Z"))).toBe("35")
})
