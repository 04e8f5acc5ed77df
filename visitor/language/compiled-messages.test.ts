import fs from "node:fs"
import path from "node:path"
import { expect, test } from "vitest"

const root = path.join(import.meta.dirname, "../..")

type Tree = { [name: string]: string | Tree }

function read(area: string): Tree {
  return JSON.parse(fs.readFileSync(path.join(root, "messages/en", `${area}.json`), "utf8"))
}

const flat = (tree: Tree, prefix: string): [string, string][] =>
  Object.entries(tree).flatMap(([name, value]): [string, string][] =>
    typeof value === "string" ? [[`${prefix}.${name}`, value]] : flat(value, `${prefix}.${name}`),
  )

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
  /(?:["'`]|^ {2})([a-z0-9_]+(?:\$\{\w+\})?)(?:["'`]|: ")/gm,
)
const isUsed = (key: string) =>
  key.startsWith("refusals.")
    ? refusalKeys.some((pattern) => pattern.test(key.slice("refusals.".length)))
    : visitorKeys.some((pattern) => pattern.test(key) && !isTimeUnit(pattern))

test("every message of visitors is used", () => {
  const keys = ["visitor", "refusals"].flatMap((area) => flat(read(area), area).map(([key]) => key))
  expect(keys.filter((key) => !isUsed(key))).toEqual([])
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
