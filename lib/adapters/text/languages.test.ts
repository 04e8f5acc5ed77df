import { expect, test } from "vitest"
import { directionOf, LOCALES, matchLocale } from "./languages.ts"

test.each([
  ["de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7", "de"],
  ["en-US,en;q=0.9,de;q=0.8", "en"],
  ["de-AT", "de"],
  ["fr-CA, en;q=0.5", "fr"],
  ["es-419,es;q=0.9", "es"],
  ["pt-PT", "pt-BR"],
  ["PT-br", "pt-BR"],
  ["ja", "ja"],
  ["zh-Hans-SG", "zh-CN"],
  ["zh", "zh-CN"],
  ["ar-EG,ar;q=0.9", "ar"],
])("%s is answered in %s", (header, locale) => {
  expect(matchLocale(header)).toBe(locale)
})

test("the weight decides, not the order", () => {
  expect(matchLocale("en;q=0.3, fr;q=0.7, de;q=0.5")).toBe("fr")
  expect(matchLocale("de;q=0.5, en;q=0.5")).toBe("de")
  expect(matchLocale("de ; q=0.1 , ja ; q=0.2")).toBe("ja")
})

test("a language with weight 0 is not used", () => {
  expect(matchLocale("de;q=0, fr;q=0.1")).toBe("fr")
  expect(matchLocale("de;q=0.000")).toBe("en")
})

test("an unknown language is skipped for the next one", () => {
  expect(matchLocale("sv-SE,sv;q=0.9,de;q=0.5")).toBe("de")
  expect(matchLocale("dex, es;q=0.1")).toBe("es")
  expect(matchLocale("sv")).toBe("en")
})

test("a reader of traditional Chinese gets simplified Chinese only if plain Chinese is requested", () => {
  expect(matchLocale("zh-TW,en;q=0.5")).toBe("en")
  expect(matchLocale("zh-Hant-HK,de;q=0.5")).toBe("de")
  expect(matchLocale("zh-TW,zh;q=0.9,en;q=0.5")).toBe("zh-CN")
})

test("any language means English", () => {
  expect(matchLocale("*")).toBe("en")
  expect(matchLocale("sv, *;q=0.5, de;q=0.1")).toBe("en")
})

test("a missing, empty or broken header means English", () => {
  for (const header of [undefined, "", ",,;q=1", "de;q=x", "__proto__", "constructor", "d e"]) {
    expect(matchLocale(header), String(header)).toBe("en")
  }
})

test("a header of many ranges is read quickly", () => {
  expect(matchLocale(`${"sv,".repeat(100_000)}de`)).toBe("en")
  expect(matchLocale(`de${" ".repeat(100_000)};q=1`)).toBe("de")
})

test("only Arabic is written from right to left", () => {
  expect(LOCALES.filter((locale) => directionOf(locale) === "rtl")).toEqual(["ar"])
})
