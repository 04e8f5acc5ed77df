import fs from "node:fs"
import path from "node:path"
import compile from "icu-minify/compile"
import { expect, test } from "vitest"

const folder = path.join(import.meta.dirname, "../../messages/en")

/** Words that no English message may contain, each with its replacement (docs/words.md). */
const RETIRED: [RegExp, string][] = [
  [/\b[Ll]aps(es|ed|ing)\b|\blapse\b/, "expire"],
  [/\bcut(s|ting)?[ -]?off\b/i, "block active links"],
  [/\b(gives?|gave|given|giving)\b(\W+\S+){0,3}?\W+up\b/i, "cancel"],
  [/\blook(s|ed|ing)?\b/i, "preview, view or check"],
  [/\b(go|goes|going|went) on\b/i, "resume or continue"],
  [/\bthr(ow|own|ew)\b/i, "discard"],
  [/\btak(e|es|ing)\b(\W+\S+){0,3}?\W+(off|out|away)\b/i, "remove"],
  [/\b(took|taken)\b/i, "downloaded"],
  [/\bhand(s|ed|ing)?\b(\W+\S+){0,2}?\W+(out|over)\b/i, "issue or transfer"],
  [/\bat once\b/i, "immediately"],
  [/\bby (it|them)sel(f|ves)\b/i, "automatically"],
  [/\b(dead|dies|died|kill(s|ed|ing)?)\b/i, "stop working, or block"],
  [/(?<!\bchange was )\bmade\b/i, "created"],
  [/\ba line\b/i, "a message"],
  [/\bpanic\b/i, "emergency revoke"],
  [/\bthere (is|are) no such\b/i, "not found"],
  [/\bwhat becomes\b/i, "what happens to"],
  [/\bchoose (all|none)\b|\bchosen\b/i, "select all, clear selection or selected"],
  [/\bon (its|their|the) way\b/i, "uploading"],
  [/\bwhoever\b/i, "anyone who"],
  [/\bin place of\b/i, "instead of"],
  [/\brecolour|\bre-?key/i, "retag, or copy to a new key"],
  [/\bjust now\b/i, "right now"],
  [/\banew\b/i, "again"],
  [/\bmeanwhile\b/i, "in the meantime"],
  [/(?<!\bverification )\bseals?\b/i, "verification seal"],
]

/** Names that contain a retired word. */
const NAMES =
  /\blapse (audit|backup|bucket|colours|doctor|export|import|reconcile|restore|start)\b|\bx-lapse-claim\b/g

type Tree = { [name: string]: string | Tree }

const flat = (tree: Tree, prefix: string): [string, string][] =>
  Object.entries(tree).flatMap(([name, value]): [string, string][] =>
    typeof value === "string" ? [[`${prefix}.${name}`, value]] : flat(value, `${prefix}.${name}`),
  )

/** The texts of a compiled message (icu-minify's types.d.ts), without names of values and cases. */
function textsOf(nodes: unknown): string[] {
  return typeof nodes === "string" ? [nodes] : Array.isArray(nodes) ? nodes.flatMap(textsIn) : []
}

function textsIn(node: unknown): string[] {
  if (!Array.isArray(node)) return textsOf(node)
  const [, kind, cases] = node
  return typeof kind === "number"
    ? Object.values(cases ?? {}).flatMap(textsOf)
    : node.slice(1).flatMap(textsIn)
}

function retiredIn(message: string): string[] {
  const text = textsOf(compile(message)).join(" ").replace(NAMES, "")
  return RETIRED.flatMap(([word, instead]) => {
    const found = word.exec(text)?.[0]
    return found ? [`“${found}”: write “${instead}”`] : []
  })
}

test.each(fs.readdirSync(folder))("no message in %s contains a retired word", (file) => {
  const messages = flat(JSON.parse(fs.readFileSync(path.join(folder, file), "utf8")), file)
  const found = messages.flatMap(([key, message]) =>
    retiredIn(message).map((sentence) => `${key} has ${sentence}`),
  )
  expect(messages.length).toBeGreaterThan(0)
  expect(found).toEqual([])
})

/** How no reader is addressed, by language (messages/README.md). */
const FORMS_OF_ADDRESS = {
  de: /\b([Dd]u|[Dd]ein\w*|[Dd]ich|[Dd]ir)\b/,
  es: /\b([Uu]sted\w*|[Ss]e le (añadió|quitó)|Elija|Introduzca|Escriba|Abra|Pida)\b/,
  fr: /(?<!\p{L})([Tt]u|[Tt]on|[Tt]es|[Tt]oi)(?!\p{L})/u,
  "zh-CN": /您/,
}

test.each(Object.entries(FORMS_OF_ADDRESS))(
  "messages in %s have one form of address",
  (language, other) => {
    const messages = fs.readdirSync(folder).flatMap((file) => {
      const text = fs.readFileSync(path.join(folder, "..", language, file), "utf8")
      return flat(JSON.parse(text), file)
    })
    expect(messages.filter(([, message]) => other.test(message))).toEqual([])
  },
)

test("a retired word is found in every part of a message, and a name is not one", () => {
  for (const [message, count] of [
    ["This link has just lapsed", 1],
    ["{count, plural, one {Given up} other {# taken}}", 2],
    ["Give “{name}” up?", 1],
    ["<b>Cut off</b> {how, select, now {at once} other {}}", 2],
    ["Share files with Lapse, {took}. Run lapse audit verify.", 0],
    ["Download verification seal", 0],
  ] as const) {
    expect([message, retiredIn(message).length]).toEqual([message, count])
  }
})
