import compile from "icu-minify/compile"
import type { CompiledMessage } from "icu-minify/format"
import type { Locale } from "#lib/adapters/text/languages.ts"
import arCommon from "../../messages/ar/common.json" with { type: "json" }
import arVisitor from "../../messages/ar/visitor.json" with { type: "json" }
import deCommon from "../../messages/de/common.json" with { type: "json" }
import deVisitor from "../../messages/de/visitor.json" with { type: "json" }
import common from "../../messages/en/common.json" with { type: "json" }
import visitor from "../../messages/en/visitor.json" with { type: "json" }
import esCommon from "../../messages/es/common.json" with { type: "json" }
import esVisitor from "../../messages/es/visitor.json" with { type: "json" }
import frCommon from "../../messages/fr/common.json" with { type: "json" }
import frVisitor from "../../messages/fr/visitor.json" with { type: "json" }
import jaCommon from "../../messages/ja/common.json" with { type: "json" }
import jaVisitor from "../../messages/ja/visitor.json" with { type: "json" }
import ptBRCommon from "../../messages/pt-BR/common.json" with { type: "json" }
import ptBRVisitor from "../../messages/pt-BR/visitor.json" with { type: "json" }
import zhCNCommon from "../../messages/zh-CN/common.json" with { type: "json" }
import zhCNVisitor from "../../messages/zh-CN/visitor.json" with { type: "json" }

// The build evaluates this module and bundles its exports, so that neither the server nor a browser
// parses messages.

type Leaves<Tree> = {
  [Name in keyof Tree & string]: Tree[Name] extends string ? Name : `${Name}.${Leaves<Tree[Name]>}`
}[keyof Tree & string]

const english = { common, visitor }

/** The dotted name of a message, such as "visitor.locked.title". */
export type MessageKey = Leaves<typeof english>

type Tree = { [name: string]: string | Tree }

function compileAll(tree: Tree, path = ""): [string, CompiledMessage][] {
  return Object.entries(tree).flatMap(([name, value]): [string, CompiledMessage][] =>
    typeof value === "string"
      ? [[path + name, compile(value)]]
      : compileAll(value, `${path}${name}.`),
  )
}

const all: Record<Locale, [string, CompiledMessage][]> = {
  en: compileAll(english),
  de: compileAll({ common: deCommon, visitor: deVisitor }),
  fr: compileAll({ common: frCommon, visitor: frVisitor }),
  es: compileAll({ common: esCommon, visitor: esVisitor }),
  "pt-BR": compileAll({ common: ptBRCommon, visitor: ptBRVisitor }),
  ja: compileAll({ common: jaCommon, visitor: jaVisitor }),
  "zh-CN": compileAll({ common: zhCNCommon, visitor: zhCNVisitor }),
  ar: compileAll({ common: arCommon, visitor: arVisitor }),
}

const ISLANDS = "visitor.islands."
/** Messages of pages that a script for members' pages shows too. */
const SHARED = /^(common\.(days|hours|minutes|seconds)|visitor\.zip\.needs\w+)$/

type Messages = Record<Locale, Record<string, CompiledMessage>>

function pick(test: (key: string) => boolean): Messages {
  const of = (locale: Locale) => Object.fromEntries(all[locale].filter(([key]) => test(key)))
  return {
    en: of("en"),
    de: of("de"),
    fr: of("fr"),
    es: of("es"),
    "pt-BR": of("pt-BR"),
    ja: of("ja"),
    "zh-CN": of("zh-CN"),
    ar: of("ar"),
  }
}

/** The compiled messages of pages, by locale and dotted name. */
export const messages = pick((key) => !key.startsWith(ISLANDS))

/** The compiled messages of scripts that few readers need, which load them on demand. */
export const islandMessages = pick((key) => key.startsWith(ISLANDS) || SHARED.test(key))
