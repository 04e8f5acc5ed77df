import { expect, test } from "vitest"
import { Refusal } from "#lib/adapters/errors.ts"
import { refusal, say, sayRefusal, sentence, sentenceOf } from "./sentences.ts"

test("values are formatted as the language does it, and names are isolated in Arabic", () => {
  const values = { name: "a.pdf", over: { bytes: 1_500_000 }, most: { bytes: 2_000_000 } }
  expect(say("file_too_large", values)).toBe("“a.pdf” is 1.5 MB over the maximum file size (2 MB).")
  expect(say("file_too_large", values, "fr")).toContain("1,5\u202fMo")
  expect(say("file_too_large", values, "ar")).toContain("«\u2068a.pdf\u2069»")
  expect(say("share_days", { most: { days: 1 } })).toContain("at most 1 day.")
  expect(say("share_days", { most: { days: 30 } }, "de")).toContain("höchstens 30 Tage ")
  const when = (inSeconds: number) => say("attempts", { when: { inSeconds } })
  expect([45, 3_000, 86_400].map(when)).toEqual([
    expect.stringContaining(" in 45 seconds."),
    expect.stringContaining(" in 50 minutes."),
    expect.stringContaining(" in 24 hours."),
  ])
})

test("the message of a schema is a sentence, unless it is of zod itself", () => {
  expect(sentenceOf(sentence("input_most", { count: 40 }))).toEqual({
    key: "input_most",
    values: { count: 40 },
  })
  expect(sentenceOf("Too big: expected string to have <=40 characters")).toBeUndefined()
})

test("a refusal about a field begins with its name in every language", () => {
  const sentence = { key: "input_name", values: {} }
  const refused = new Refusal("invalid", "name: Enter a name.", { field: "name", sentence })
  expect(sayRefusal(refused, "en")).toBe("name: Enter a name.")
  expect(sayRefusal(refused, "ja")).toBe("name: 名前を入力してください。")
  const unnamed = refusal("not_found", "no_folder", {}, { field: "from" })
  expect(sayRefusal(unnamed, "de")).toBe("Ordner nicht gefunden.")
})
