import fs from "node:fs"
import path from "node:path"
import compile from "icu-minify/compile"
import { describe, expect, test } from "vitest"
import { DEFAULT_LOCALE, LOCALES } from "./languages.ts"

const root = path.join(import.meta.dirname, "../../../messages")
const AREAS = fs.readdirSync(path.join(root, DEFAULT_LOCALE)).sort()
const OTHERS = LOCALES.filter((locale) => locale !== DEFAULT_LOCALE)

/** Messages that are equal in several languages: names, abbreviations and "download". */
const SAME = [
  "admin.audit.csv",
  "admin.audit.jsonl",
  "charts.csv",
  "checks.lines.cors.name",
  "checks.lines.overwrite.name",
  "common.adminNav.version",
  "member.files.sha256",
  "member.share.limitOf",
  "settings.mail.security.tls",
  "settings.units.GB",
  "settings.units.MB",
  "settings.units.TB",
  "visitor.sha256",
]

/** Where a single word may be equal to the English one: "Name", "Admin". */
const LATIN = ["de", "es", "fr", "pt-BR"]

type Tree = { [name: string]: string | Tree }

const flat = (tree: Tree, prefix: string): [string, string][] =>
  Object.entries(tree).flatMap(([name, value]): [string, string][] =>
    typeof value === "string" ? [[`${prefix}.${name}`, value]] : flat(value, `${prefix}.${name}`),
  )

const messagesOf = (locale: string) =>
  new Map(
    fs.readdirSync(path.join(root, locale)).flatMap((file) => {
      const tree: Tree = JSON.parse(fs.readFileSync(path.join(root, locale, file), "utf8"))
      return flat(tree, path.basename(file, ".json"))
    }),
  )

type Shape = {
  values: Set<string>
  tags: Set<string>
  selects: Map<string, string[]>
  plurals: string[][]
}

/** The arguments and cases of a message, from its compiled form (icu-minify's types.d.ts). */
function shapeOf(message: string): Shape {
  const shape: Shape = { values: new Set(), tags: new Set(), selects: new Map(), plurals: [] }
  const visitAll = (nodes: unknown) => {
    if (Array.isArray(nodes)) for (const node of nodes) visit(node)
  }
  const visit = (node: unknown) => {
    if (!Array.isArray(node)) return
    const [name, kind, cases] = node
    if (typeof name !== "string") return
    if (typeof kind === "string" || Array.isArray(kind)) {
      shape.tags.add(name)
      return visitAll(node.slice(1))
    }
    shape.values.add(name)
    if (kind === SELECT) shape.selects.set(name, Object.keys(cases).sort())
    if (kind === PLURAL) shape.plurals.push(Object.keys(cases))
    if (kind === SELECT || kind === PLURAL) for (const each of Object.values(cases)) visitAll(each)
  }
  visitAll(compile(message))
  return shape
}

const SELECT = 1
const PLURAL = 2

/** The plural categories that counts of files, downloads and times have in a language. */
function categoriesOf(locale: string): string[] {
  const rules = new Intl.PluralRules(locale)
  return [...new Set(Array.from({ length: 1_001 }, (_, count) => rules.select(count)))].sort()
}

/** The words of a text, without values, names of values and symbols. */
const wordsOf = (text: string) =>
  text.replace(/\{\w+(, number)?\}|<\/?\w+>/g, "").match(/\p{L}{2,}/gu) ?? []

const english = messagesOf(DEFAULT_LOCALE)

test("each language has a folder of messages", () => {
  const folders = fs.readdirSync(root).filter((name) => name !== "README.md")
  expect(folders.sort()).toEqual([...LOCALES].sort())
})

test("no English message is empty or cannot be parsed", () => {
  for (const [key, text] of english) {
    expect([key, text.trim()]).not.toEqual([key, ""])
    expect(() => compile(text), key).not.toThrow()
  }
})

describe.each(OTHERS)("in %s", (locale) => {
  const own = messagesOf(locale)
  const shared = [...own].flatMap(([key, text]): [string, string, string][] => {
    const wanted = english.get(key)
    return wanted === undefined ? [] : [[key, text, wanted]]
  })

  test("no message is missing, and there is no additional one", () => {
    expect(fs.readdirSync(path.join(root, locale)).sort()).toEqual(AREAS)
    expect([...own.keys()].sort()).toEqual([...english.keys()].sort())
  })

  test("every message is translated", () => {
    const enough = LATIN.includes(locale) ? 2 : 1
    const same = shared
      .filter(([, text, wanted]) => text === wanted && wordsOf(text).length >= enough)
      .map(([key]) => key)
    expect(same.filter((key) => !SAME.includes(key))).toEqual([])
    expect(shared.filter(([, text]) => text.trim() === "")).toEqual([])
  })

  test("a message can be parsed, and has the values, tags and cases of the English one", () => {
    const wrong = shared.flatMap(([key, text, wanted]) => {
      const [shape, english] = [shapeOf(text), shapeOf(wanted)].map(({ values, tags, selects }) =>
        JSON.stringify([[...values].sort(), [...tags].sort(), [...selects].sort()]),
      )
      return shape === english ? [] : [`${key}: ${shape} and not ${english}`]
    })
    expect(wrong).toEqual([])
  })

  test("a plural has exactly the categories of the language, or distinguishes one number", () => {
    const needed = String(categoriesOf(locale))
    const wrong = shared.flatMap(([key, text]) =>
      shapeOf(text).plurals.flatMap((cases) => {
        const categories = String(cases.filter((each) => !each.startsWith("=")).sort())
        const isOfOne = categories === "other" && cases.length === 2
        return categories === needed || isOfOne ? [] : [`${key}: ${categories}`]
      }),
    )
    expect(wrong).toEqual([])
  })

  test("quotation marks and apostrophes are those of the language", () => {
    const wrong = shared.filter(([, text, wanted]) => /['"]/.test(text) && !/['"]/.test(wanted))
    expect(wrong.map(([key, text]) => `${key}: ${text}`)).toEqual([])
  })
})
