import compile from "icu-minify/compile"
import type { CompiledMessage } from "icu-minify/format"
import common from "../messages/en/common.json" with { type: "json" }
import visitor from "../messages/en/visitor.json" with { type: "json" }

// The build evaluates this module and bundles what it exports, so that neither the server nor a
// browser parses a message.

type Leaves<Tree> = {
  [Name in keyof Tree & string]: Tree[Name] extends string ? Name : `${Name}.${Leaves<Tree[Name]>}`
}[keyof Tree & string]

const sources = { common, visitor }

/** The dotted name of a message, such as "visitor.locked.title". */
export type MessageKey = Leaves<typeof sources>

type Tree = { [name: string]: string | Tree }

function compileAll(tree: Tree, path = ""): [string, CompiledMessage][] {
  return Object.entries(tree).flatMap(([name, value]): [string, CompiledMessage][] =>
    typeof value === "string"
      ? [[path + name, compile(value)]]
      : compileAll(value, `${path}${name}.`),
  )
}

const all: Record<string, [string, CompiledMessage][]> = { en: compileAll(sources) }

const ISLANDS = "visitor.islands."

type Messages = Record<string, Record<string, CompiledMessage>>

const pick = (test: (key: string) => boolean): Messages =>
  Object.fromEntries(
    Object.entries(all).map(([locale, entries]) => [
      locale,
      Object.fromEntries(entries.filter(([key]) => test(key))),
    ]),
  )

/** The messages of pages, compiled, by locale and dotted name. */
export const messages = pick((key) => !key.startsWith(ISLANDS))

/** Those of scripts that few visitors need. A script loads them when it does. */
export const islandMessages = pick((key) => key.startsWith(ISLANDS))
