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

/** Every message a visitor may read, compiled, by locale and dotted name. */
export const messages: Record<string, Record<string, CompiledMessage>> = {
  en: Object.fromEntries(compileAll(sources)),
}
