import fs from "node:fs"
import path from "node:path"
import compile from "icu-minify/compile"
import { describe, expect, test } from "vitest"
import { LOCALES } from "#lib/text/languages.ts"

const root = path.join(import.meta.dirname, "../..")
const OTHERS = LOCALES.filter((locale) => locale !== "en")
const AREAS = ["visitor", "common", "refusals"] as const

/** Messages that are equal in English and another language. */
const SAME: Record<string, string[]> = {
  "*": ["visitor.sha256", "visitor.islands.zip.rate", "visitor.islands.resumable.rate"],
  de: ["visitor.details"],
  fr: ["common.minutes", "visitor.islands.zip.pause", "visitor.islands.resumable.pause"],
}

type Tree = { [name: string]: string | Tree }

function read(locale: string, area: string): Tree {
  return JSON.parse(fs.readFileSync(path.join(root, "messages", locale, `${area}.json`), "utf8"))
}

const flat = (tree: Tree, prefix: string): [string, string][] =>
  Object.entries(tree).flatMap(([name, value]): [string, string][] =>
    typeof value === "string" ? [[`${prefix}.${name}`, value]] : flat(value, `${prefix}.${name}`),
  )

const messagesOf = (locale: string) =>
  new Map(AREAS.flatMap((area) => flat(read(locale, area), area)))

function sources(folders: string[]): string[] {
  const files = folders.flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /(?<!\.test)\.tsx?$/.test(name))
      .map((name) => path.join(root, folder, name)),
  )
  return files.map((file) => fs.readFileSync(file, "utf8"))
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")

/** Matches the keys that sources name, also by a template such as `visitor.${state}.title`. */
function namedIn(texts: string[], key: RegExp): RegExp[] {
  const found = texts.flatMap((text) => [...text.matchAll(key)].map(([, name = ""]) => name))
  return found.map((name) => {
    const parts = name.split(/\$\{[^}]*\}/).map(escaped)
    return new RegExp(`^${parts.join("[^.]+")}$`)
  })
}

const visitorKeys = namedIn(
  sources(["visitor"]),
  /["'`]((?:visitor|common)\.(?:\$\{[^}]*\}|[^"'`\s$])+)["'`]/g,
)
// The list of the scripts' messages names each of these separately.
const isTimeUnit = (pattern: RegExp) => pattern.test("common.anything")
// A refusal is named by its bare key, or as the name of a property in a table of codes.
const refusalKeys = namedIn(
  sources(["app", "lib", "server", "visitor"]).filter((text) =>
    /sentences\.ts|SentenceKey/.test(text),
  ),
  /(?:["'`]|^ {2})([a-z_]+(?:\$\{\w+\})?)(?:["'`]|: ")/gm,
)
const isUsed = (key: string) =>
  key.startsWith("refusals.")
    ? refusalKeys.some((pattern) => pattern.test(key.slice("refusals.".length)))
    : visitorKeys.some((pattern) => pattern.test(key) && !isTimeUnit(pattern))

type Shape = {
  values: Set<string>
  tags: Set<string>
  selects: Map<string, string[]>
  plurals: { name: string; cases: string[] }[]
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
    if (kind === PLURAL) shape.plurals.push({ name, cases: Object.keys(cases) })
    if (kind === SELECT || kind === PLURAL) for (const each of Object.values(cases)) visitAll(each)
  }
  visitAll(compile(message))
  return shape
}

const SELECT = 1
const PLURAL = 2

/** Whether a text contains words to translate, besides values and symbols. */
const hasWords = (text: string) => /\p{L}/u.test(text.replace(/\{\w+\}/g, ""))

/** The plural categories that counts of files, downloads and times have in a language. */
function categoriesOf(locale: string): string[] {
  const rules = new Intl.PluralRules(locale)
  return [...new Set(Array.from({ length: 1_001 }, (_, count) => rules.select(count)))].sort()
}

const english = messagesOf("en")
const ofVisitors = new Map(
  [...english].filter(([key]) => !key.startsWith("common.") || isUsed(key)),
)

test("every message of visitors is used", () => {
  expect([...ofVisitors.keys()].filter((key) => !isUsed(key))).toEqual([])
})

test("an unused message would be found", () => {
  for (const key of [
    "visitor.nowhere",
    "refusals.nowhere",
    "common.nav.label",
    "visitor.sha2567",
  ]) {
    expect([key, isUsed(key)]).toEqual([key, false])
  }
})

describe.each(OTHERS)("in %s", (locale) => {
  const own = messagesOf(locale)

  test("no message of visitors is missing, and there is no additional one", () => {
    expect([...own.keys()].sort()).toEqual([...ofVisitors.keys()].sort())
  })

  test("every message is translated", () => {
    const allowed = [...(SAME["*"] ?? []), ...(SAME[locale] ?? [])]
    const same = [...own]
      .filter(([key, text]) => hasWords(text) && text === english.get(key))
      .map(([key]) => key)
    expect(same.filter((key) => !allowed.includes(key))).toEqual([])
    expect((SAME[locale] ?? []).filter((key) => !same.includes(key))).toEqual([])
  })

  test("a message has the values, tags and cases of the English one", () => {
    for (const [key, text] of own) {
      const [shape, wanted] = [shapeOf(text), shapeOf(english.get(key) ?? "")]
      expect([key, [...shape.values].sort()]).toEqual([key, [...wanted.values].sort()])
      expect([key, [...shape.tags].sort()]).toEqual([key, [...wanted.tags].sort()])
      expect([key, [...shape.selects]]).toEqual([key, [...wanted.selects]])
    }
  })

  test("a plural has exactly the categories of the language", () => {
    const needed = categoriesOf(locale)
    for (const [key, text] of own) {
      for (const { cases } of shapeOf(text).plurals) {
        const categories = cases.filter((each) => !each.startsWith("=")).sort()
        expect([key, categories]).toEqual([key, needed])
      }
    }
  })

  test("quotation marks and apostrophes are those of the language", () => {
    for (const [key, text] of own) expect([key, text]).toEqual([key, text.replace(/['"]/g, "")])
  })
})
