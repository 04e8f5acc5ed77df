import { createHash } from "node:crypto"
import fs from "node:fs"
import path from "node:path"
import tailwind from "@tailwindcss/postcss"
import { type BuildOptions, build, context, type Metafile, type Plugin, stop } from "esbuild"
import postcss from "postcss"
import { ASSETS_PATH, type Assets } from "#visitor/assets.ts"
import { compressFile } from "./compress-files.ts"

const root = path.join(import.meta.dirname, "../..")

/** Builds `visitor/` into a folder: the code that answers, and the files for browsers. */
export async function buildVisitor(folder: string): Promise<void> {
  const browser = await build(browserOptions(folder, ENTRIES.visitors))
  const members = await build(browserOptions(folder, ENTRIES.members))
  const worker = await build(workerOptions(folder))
  await writeAssets(folder, [browser.metafile, members.metafile, worker.metafile])
  await build(serverOptions(folder))
  await stop() // otherwise the compiler's process stays and uses 170 MiB
}

/** Builds `visitor/`, and again after each change, followed by `onRebuilt`, until stopped. */
export async function watchVisitor(
  folder: string,
  onRebuilt: () => void,
): Promise<() => Promise<void>> {
  let isReady = false
  const metafiles = new Map<string, Metafile>()
  const built = (name: string): Plugin => ({
    name,
    setup: ({ onEnd }) =>
      onEnd(async ({ metafile, errors }) => {
        for (const { text, location } of errors) console.error(location?.file, text)
        if (errors.length > 0) return
        if (name !== "server" && metafile) metafiles.set(name, metafile)
        if (metafiles.size === 3) await writeAssets(folder, [...metafiles.values()])
        if (isReady) onRebuilt()
      }),
  })
  const options = [
    { ...browserOptions(folder, ENTRIES.visitors), plugins: [...browserPlugins, built("browser")] },
    { ...browserOptions(folder, ENTRIES.members), plugins: [built("members")] },
    { ...workerOptions(folder), plugins: [built("worker")] },
    { ...serverOptions(folder), plugins: [...serverPlugins(folder), built("server")] },
  ]
  const contexts = await Promise.all(options.map((each) => context(each)))
  for (const each of contexts) {
    await each.rebuild()
    await each.watch()
  }
  isReady = true
  return async () => {
    for (const each of contexts) await each.dispose()
  }
}

const PDFJS = "node_modules/pdfjs-dist"

const common = {
  absWorkingDir: root,
  bundle: true,
  format: "esm",
  jsx: "automatic",
  logLevel: "silent",
  metafile: true,
  minify: true,
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
} satisfies BuildOptions

/** Adds the Tailwind utilities that the visitor's pages use. */
const stylesheets: Plugin = {
  name: "tailwind",
  setup({ onLoad }) {
    onLoad({ filter: /visitor\.css$/ }, async ({ path: from }) => {
      // By default NODE_ENV decides, so the result would depend on the environment.
      const plugin = tailwind({ base: root, optimize: true })
      const { css, messages } = await postcss([plugin]).process(fs.readFileSync(from, "utf8"), {
        from,
      })
      const watchFiles = messages.flatMap(({ type, file }) =>
        type === "dependency" && typeof file === "string" ? [file] : [],
      )
      return { contents: css, loader: "css", resolveDir: path.dirname(from), watchFiles }
    })
  },
}

const browserPlugins = [stylesheets]

/** Built apart, because members' pages load none of the visitors' scripts: in fewer files. */
const ENTRIES = {
  visitors: {
    visit: "visitor/islands/visit.ts",
    closed: "visitor/islands/closed.ts",
    request: "visitor/islands/request/request.ts",
    reload: "visitor/islands/reload.ts",
    visitor: "visitor/visitor.css",
    viewer: "components/viewer/viewer.css",
    parser: "components/viewer/text/parser-worker.ts",
  },
  members: {
    "own-zip": "visitor/islands/zip/own-zip.ts",
    "own-viewer": "visitor/islands/preview/own-viewer.ts",
  },
}

const browserOptions = (folder: string, entryPoints: Record<string, string>) =>
  ({
    ...common,
    entryPoints,
    outdir: path.join(folder, "assets"),
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    publicPath: ASSETS_PATH,
    platform: "browser",
    target: "es2022",
    splitting: true,
    loader: { ".woff2": "file" },
    plugins: browserPlugins,
  }) satisfies BuildOptions

/**
 * Builds scripts as one file each: not every browser takes modules for service workers, and a frame
 * without an origin may load no modules.
 */
const workerOptions = (folder: string) =>
  ({
    ...common,
    entryPoints: {
      "zip-worker": "visitor/zip/zip-worker.ts",
      "hash-worker": "packages/uploader/hashing/hash-worker.ts",
      "download-worker": "packages/downloader/saving/sink-worker.ts",
      "pdf-worker": `${PDFJS}/legacy/build/pdf.worker.mjs`,
      "pdf-frame": "components/viewer/pdf/frame.ts",
      "pdf-styles": "components/viewer/pdf/frame.css",
    },
    outdir: path.join(folder, "assets"),
    entryNames: "[name]-[hash]",
    format: "iife",
    platform: "browser",
    target: "es2022",
  }) satisfies BuildOptions

/** Compiles messages at build time, so that the bundle has only the used ones, and no parser. */
const compiledMessages: Plugin = {
  name: "compiled messages",
  setup({ onLoad }) {
    onLoad({ filter: /visitor\/language\/compiled-messages\.ts$/ }, async ({ path: file }) => {
      const folder = path.join(root, "messages")
      const watchFiles = fs
        .readdirSync(folder, { recursive: true, encoding: "utf8" })
        .map((name) => path.join(folder, name))
        .filter((name) => name.endsWith(".json"))
      const { messages } = await evaluate(file)
      return { contents: `export const messages = ${JSON.stringify(messages)}`, watchFiles }
    })
  },
}

/** Keeps the rooms outside of the bundle: one instance each, imported by relative paths. */
const rooms = (folder: string): Plugin => ({
  name: "rooms",
  setup({ onResolve }) {
    onResolve({ filter: /^#lib\// }, ({ path: name }) => {
      const file = path.join(root, name.slice(1))
      return { path: `./${path.relative(folder, file)}`, external: true }
    })
    onResolve({ filter: /^server-only$/ }, () => ({ path: "server-only", namespace: "empty" }))
  },
})

const empty: Plugin = {
  name: "empty",
  setup: ({ onLoad }) => onLoad({ filter: /.*/, namespace: "empty" }, () => ({ contents: "" })),
}

const serverPlugins = (folder: string) => [compiledMessages, rooms(folder), empty]

const serverOptions = (folder: string) =>
  ({
    ...common,
    entryPoints: ["visitor/answer.ts"],
    outfile: path.join(folder, "visitor.mjs"),
    external: ["zod"],
    platform: "node",
    target: "node22",
    minify: false,
    // React loads Node's modules with require.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    plugins: serverPlugins(folder),
  }) satisfies BuildOptions

/** Writes the list of the built files' names, and a compressed copy beside each file. */
async function writeAssets(folder: string, metafiles: Metafile[]) {
  const urlOf = (output: string) => `${ASSETS_PATH}${path.basename(output)}`
  const made = metafiles.flatMap(({ outputs }) => Object.entries(outputs))
  const script = (entry: string) => {
    const found = made.find(([, { entryPoint }]) => entryPoint === entry)
    if (!found) throw new Error(`the build has no ${entry}`)
    const [output, { imports }] = found
    const eager = imports.filter(({ kind }) => kind === "import-statement")
    return { src: urlOf(output), imports: eager.map((each) => urlOf(each.path)) }
  }
  const find = (pattern: RegExp) => {
    const found = made.find(([output]) => pattern.test(output))
    if (!found) throw new Error(`the build has no ${pattern}`)
    return urlOf(found[0])
  }
  const assets: Assets = {
    stylesheet: find(/visitor-\w+\.css$/),
    viewer: {
      styles: find(/viewer-\w+\.css$/),
      parser: script("components/viewer/text/parser-worker.ts").src,
      pdf: {
        frame: writeFrame(folder, find(/pdf-frame-\w+\.js$/), find(/pdf-styles-\w+\.css$/)),
        worker: find(/pdf-worker-\w+\.js$/),
        files: copyPdfFiles(folder),
      },
    },
    font: find(/latin-wght-normal-\w+\.woff2$/),
    reload: script("visitor/islands/reload.ts").src,
    scripts: {
      visit: script("visitor/islands/visit.ts"),
      closed: script("visitor/islands/closed.ts"),
      request: script("visitor/islands/request/request.ts"),
    },
    zipWorker: script("visitor/zip/zip-worker.ts").src,
    ownZip: script("visitor/islands/zip/own-zip.ts").src,
    ownViewer: script("visitor/islands/preview/own-viewer.ts").src,
    hashWorker: script("packages/uploader/hashing/hash-worker.ts").src,
    downloadWorker: script("packages/downloader/saving/sink-worker.ts").src,
    words: await writeWords(folder),
  }
  fs.writeFileSync(path.join(folder, "assets.json"), JSON.stringify(assets))
  for (const [output] of made) {
    if (!/\.(js|css)$/.test(output)) continue
    compressFile(path.join(root, output))
  }
}

/** Writes the document of the frame that draws PDFs, and returns its URL. */
function writeFrame(folder: string, script: string, styles: string): string {
  const html = `<!DOCTYPE html><meta charset="utf-8"><title>PDF</title><meta name="viewport" content="width=device-width"><link rel="stylesheet" href="${styles}"><script src="${script}"></script><body>`
  return writeHashed(folder, "pdf-frame", "html", html)
}

/** The files that PDF.js requests by name, if a PDF needs them. */
const PDF_FILE =
  /^(cmaps\/.*|standard_fonts\/(Foxit(Symbol|Dingbats)\.pfb|LICENSE_FOXIT)|wasm\/((jbig2|openjpeg)\.wasm|LICENSE_.*(JBIG2|OPENJPEG)))$/

/** Copies the files of PDF.js into a folder named by their version, and returns its URL. */
function copyPdfFiles(folder: string): string {
  const from = path.join(root, PDFJS)
  const { version } = JSON.parse(fs.readFileSync(path.join(from, "package.json"), "utf8"))
  const name = `pdfjs-${version}/`
  for (const file of fs.readdirSync(from, { recursive: true, encoding: "utf8" })) {
    if (PDF_FILE.test(file))
      fs.cpSync(path.join(from, file), path.join(folder, "assets", name, file))
  }
  return ASSETS_PATH + name
}

/** Writes a file whose name contains a hash of its content, and returns its URL. */
function writeHashed(folder: string, name: string, extension: string, content: string): string {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase()
  const file = `${name}-${hash}.${extension}`
  fs.writeFileSync(path.join(folder, "assets", file), content)
  compressFile(path.join(folder, "assets", file))
  return ASSETS_PATH + file
}

/** Writes the messages that scripts load on demand, a file per language; returns their URLs. */
async function writeWords(folder: string): Promise<Record<string, string>> {
  const { islandMessages } = await evaluate(
    path.join(root, "visitor/language/compiled-messages.ts"),
  )
  const urls: Record<string, string> = {}
  for (const [locale, messages] of Object.entries(islandMessages)) {
    urls[locale] = writeHashed(folder, `words-${locale}`, "json", JSON.stringify(messages))
  }
  return urls
}

/** Returns a module's exports with the current version of all imports, which Node caches. */
async function evaluate(file: string) {
  const { outputFiles } = await build({
    ...common,
    entryPoints: [file],
    platform: "node",
    write: false,
  })
  const [output] = outputFiles
  return import(`data:text/javascript,${encodeURIComponent(output?.text ?? "")}`)
}
