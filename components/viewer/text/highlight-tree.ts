import { createLowlight } from "lowlight"

type Grammar = { default: Parameters<Lowlight["register"]>[1] & {} }
type Lowlight = ReturnType<typeof createLowlight>

/**
 * The languages by their highlight.js name, each with the extensions of its files and a separate
 * chunk.
 */
const LANGUAGES: [string, string, () => Promise<Grammar>][] = [
  ["bash", "sh bash zsh fish env", () => import("highlight.js/lib/languages/bash")],
  ["c", "c h", () => import("highlight.js/lib/languages/c")],
  ["clojure", "clj", () => import("highlight.js/lib/languages/clojure")],
  ["cmake", "cmake", () => import("highlight.js/lib/languages/cmake")],
  ["cpp", "cc cpp hpp", () => import("highlight.js/lib/languages/cpp")],
  ["csharp", "cs", () => import("highlight.js/lib/languages/csharp")],
  ["css", "css", () => import("highlight.js/lib/languages/css")],
  ["dart", "dart", () => import("highlight.js/lib/languages/dart")],
  ["diff", "diff patch", () => import("highlight.js/lib/languages/diff")],
  ["dockerfile", "dockerfile", () => import("highlight.js/lib/languages/dockerfile")],
  ["dos", "bat cmd", () => import("highlight.js/lib/languages/dos")],
  ["elixir", "ex exs", () => import("highlight.js/lib/languages/elixir")],
  ["erlang", "erl", () => import("highlight.js/lib/languages/erlang")],
  ["go", "go", () => import("highlight.js/lib/languages/go")],
  ["gradle", "gradle", () => import("highlight.js/lib/languages/gradle")],
  ["graphql", "graphql", () => import("highlight.js/lib/languages/graphql")],
  ["haskell", "hs", () => import("highlight.js/lib/languages/haskell")],
  ["ini", "ini toml cfg conf properties", () => import("highlight.js/lib/languages/ini")],
  ["java", "java", () => import("highlight.js/lib/languages/java")],
  ["javascript", "js mjs cjs jsx", () => import("highlight.js/lib/languages/javascript")],
  [
    "json",
    "json jsonl ndjson json5 geojson webmanifest",
    () => import("highlight.js/lib/languages/json"),
  ],
  ["julia", "jl", () => import("highlight.js/lib/languages/julia")],
  ["kotlin", "kt kts", () => import("highlight.js/lib/languages/kotlin")],
  ["latex", "tex", () => import("highlight.js/lib/languages/latex")],
  ["less", "less", () => import("highlight.js/lib/languages/less")],
  ["lua", "lua", () => import("highlight.js/lib/languages/lua")],
  ["makefile", "makefile", () => import("highlight.js/lib/languages/makefile")],
  ["nim", "nim", () => import("highlight.js/lib/languages/nim")],
  ["nix", "nix", () => import("highlight.js/lib/languages/nix")],
  ["objectivec", "m", () => import("highlight.js/lib/languages/objectivec")],
  ["perl", "pl pm", () => import("highlight.js/lib/languages/perl")],
  ["php", "php", () => import("highlight.js/lib/languages/php")],
  ["powershell", "ps1", () => import("highlight.js/lib/languages/powershell")],
  ["protobuf", "proto", () => import("highlight.js/lib/languages/protobuf")],
  ["python", "py", () => import("highlight.js/lib/languages/python")],
  ["r", "r", () => import("highlight.js/lib/languages/r")],
  ["ruby", "rb", () => import("highlight.js/lib/languages/ruby")],
  ["rust", "rs", () => import("highlight.js/lib/languages/rust")],
  ["scala", "scala", () => import("highlight.js/lib/languages/scala")],
  ["scss", "scss sass", () => import("highlight.js/lib/languages/scss")],
  ["sql", "sql", () => import("highlight.js/lib/languages/sql")],
  ["swift", "swift", () => import("highlight.js/lib/languages/swift")],
  ["typescript", "ts mts cts tsx", () => import("highlight.js/lib/languages/typescript")],
  [
    "xml",
    "html htm xhtml svg xml xsl xslt rss atom plist vue svelte",
    () => import("highlight.js/lib/languages/xml"),
  ],
  ["yaml", "yaml yml", () => import("highlight.js/lib/languages/yaml")],
]

/**
 * Finds the language by the name of a file, such as "main.rs" or "Makefile", or of the language.
 */
function languageOf(name: string): string | null {
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase()
  const found = LANGUAGES.find(
    ([language, extensions]) => language === extension || extensions.split(" ").includes(extension),
  )
  return found?.[0] ?? null
}

const lowlight = createLowlight()

/** A node of a highlighted text: text, or a span with children and classes. */
export type HighlightTree = {
  type: string
  value?: string
  children?: HighlightTree[]
  properties?: { className?: unknown }
}

/** A text with more nodes is shown without highlighting. */
const MAX_PARTS = 60_000

/**
 * Highlights a text; null if its language is unknown, or the result has too many nodes to be laid
 * out.
 */
export async function highlightTree(text: string, name: string): Promise<HighlightTree | null> {
  const found = LANGUAGES.find(([language]) => language === languageOf(name))
  if (!found) return null
  const [language, , load] = found
  if (!lowlight.registered(language)) lowlight.register(language, (await load()).default)
  const tree: HighlightTree = lowlight.highlight(language, text)
  return countParts(tree) > MAX_PARTS ? null : tree
}

const countParts = ({ children = [] }: HighlightTree): number =>
  children.reduce((count, child) => count + countParts(child), 1)
