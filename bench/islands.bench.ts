import fs from "node:fs"
import os from "node:os"
import path from "node:path"
import { buildVisitor } from "#server/build/build-visitor.ts"
import { kib, table } from "./figures.ts"
import { report } from "./measures.ts"

/**
 * Measures the JavaScript of the page of a share and of a request, and of the scripts that they load
 * on demand, as sent with Brotli.
 */
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "lapse-islands-"))
try {
  await buildVisitor(folder)
  const assets = path.join(folder, "assets")
  const names = fs.readdirSync(assets).filter((name) => name.endsWith(".js"))
  const imports = new Map(names.map((name) => [name, importsOf(path.join(assets, name))]))
  const withImports = (name: string, found = new Set<string>()): Set<string> => {
    if (found.has(name)) return found
    found.add(name)
    for (const next of imports.get(name)?.eager ?? []) withImports(next, found)
    return found
  }
  const sizeOf = (files: Iterable<string>) =>
    [...files].reduce((sum, name) => sum + fs.statSync(path.join(assets, `${name}.br`)).size, 0)
  const pageOf = (entry: string) =>
    withImports(names.find((name) => name.startsWith(`${entry}-`)) ?? "")
  const [page, request] = [pageOf("visit"), pageOf("request")]
  const lazy = new Set([...imports.values()].flatMap((each) => each.lazy))
  const workers = names.filter((name) => /^(parser|zip-worker|download-worker)-/.test(name))
  const ownSize = (name: string) =>
    sizeOf([...withImports(name)].filter((file) => !page.has(file) || file === name))
  const title = (name: string) => name.replace(/(\.esm)?-[A-Z0-9]{8}\.js$/, "")
  const highlighter = names.find((name) => title(name) === "highlight-tree") ?? ""
  const languages = imports.get(highlighter)?.lazy ?? []
  const others = [...lazy, ...workers].filter((name) => !languages.includes(name)).toSorted()
  const sizes = languages.map(ownSize)
  const rows = [
    ["the page of a share", kib(sizeOf(page))],
    ["the page of a request", kib(sizeOf(request))],
    ...others.map((name) => [title(name), kib(ownSize(name))]),
    [`${sizes.length} languages, each`, `${kib(Math.min(...sizes))}–${kib(Math.max(...sizes))}`],
  ]
  console.log(table(["script", "KiB"], rows))
  // 9.5 kB.
  const goal = { most: 9.27 }
  const figuresOf = (files: Set<string>) => ({ unit: "KiB", figures: [sizeOf(files) / 1024], goal })
  report([
    { measure: "JavaScript of the page of a share, as built", ...figuresOf(page) },
    { measure: "JavaScript of the page of a request, as built", ...figuresOf(request) },
  ])
} finally {
  fs.rmSync(folder, { recursive: true, force: true })
}

/** Returns the scripts that a built script imports at once, and those that it imports on demand. */
function importsOf(file: string) {
  const text = fs.readFileSync(file, "utf8")
  const names = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = ""]) => name)
  return {
    eager: names(/(?:from|import)"[./\w]*\/([\w.-]+\.js)"/g),
    lazy: names(/import\("[./\w]*\/([\w.-]+\.js)"\)/g),
  }
}
