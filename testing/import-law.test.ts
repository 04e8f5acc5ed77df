import { execFile } from "node:child_process"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"

const root = path.join(import.meta.dirname, "..")
const config = path.join(root, ".dependency-cruiser.mjs")
const { LAYERS, placeOf }: { LAYERS: string[]; placeOf: (layer: string) => string } = await import(
  config
)
const cruiser = path.join(root, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs")

/** The rule that each import breaks. */
const BREACHES: [rule: string, file: string, imported: string][] = [
  ["no-cycle", "lib/cycle-a.ts", "./cycle-b.ts"],
  ["import-resolves", "lib/lost.ts", "./nowhere.ts"],
  ["entry-is-not-imported", "components/entry.tsx", "#app/page.tsx"],
  ["entry-is-not-imported", "server/entry.ts", "../bin/start.ts"],
  ["components-take-values", "components/asks.tsx", "#lib/adapters/database.ts"],
  ["components-take-values", "components/signs.tsx", "#lib/adapters/storage.ts"],
  ["dialogs-keep-what-is-typed", "app/asks.tsx", "@base-ui/react/dialog"],
  ["base-ui-on-demand", "components/ui/draws-menu.tsx", "@base-ui/react/menu"],
  ["visitor-without-next", "visitor/page.tsx", "next/link"],
  ["visitor-without-next", "visitor/session.ts", "#lib/web/sign-in/current-session.ts"],
  ["only-server-mounts-visitor", "app/shows-visitor.tsx", "#visitor/answer.ts"],
  ["lib-is-below", "lib/web/draws.ts", "#components/button.tsx"],
  ["lib-is-below", "lib/rooms/files/uploads.ts", "#packages/uploader/upload.ts"],
  ["only-web-knows-next", "lib/rooms/shares/redirects.ts", "next/navigation"],
  ["only-web-knows-next", "lib/rooms/files/renders.ts", "react"],
  ["only-web-knows-next", "lib/adapters/text/translates.ts", "next-intl"],
  ["layer-text", "lib/adapters/text/lists-files.ts", "#lib/rooms/files/file.ts"],
  ["layer-audit", "lib/rooms/audit/relative.ts", "../claims/claim.ts"],
  ...LAYERS.slice(0, -1).map((layer, place): [string, string, string] => [
    `layer-${layer}`,
    `${placeOf(layer)}/later.ts`,
    `#${placeOf(LAYERS[place + 1] ?? "web")}/above.ts`,
  ]),
  ["layer-has-a-place", "app/uses-new-room.ts", "#lib/webhooks/webhook.ts"],
  ["layer-has-a-place", "app/uses-new-adapter.ts", "#lib/printer.ts"],
  ["server-is-on-top", "lib/starts.ts", "#server/start.ts"],
  ["server-is-on-top", "prisma/starts.ts", "#server/start.ts"],
  ["package-stands-alone", "packages/uploader/knows-files.ts", "#lib/rooms/files/file.ts"],
  ["package-stands-alone", "packages/uploader/knows-store.ts", "#packages/local-s3/server.ts"],
  ["e2e-speaks-http", "e2e/takes-a-shortcut.spec.ts", "#lib/rooms/shares/share.ts"],
  ["product-without-test-code", "app/built.ts", "#testing/builders/a-file.ts"],
  ["product-without-test-code", "lib/tested.ts", "./some.test.ts"],
  ["one-database-client", "lib/rooms/files/queries.ts", "pg"],
  ["one-database-client", "app/queries.ts", "@prisma/client"],
  ["one-prisma-client", "lib/rooms/jobs/queries.ts", "#prisma/generated/client.ts"],
  ["one-storage-client", "lib/rooms/files/puts.ts", "@aws-sdk/client-s3"],
  ["one-provider", "lib/rooms/accounts/tokens.ts", "jose"],
  ["one-provider", "lib/web/signs-in.ts", "openid-client"],
  ["one-mail-client", "lib/rooms/shares/mails.ts", "nodemailer/lib/smtp-connection"],
  ["one-storage-client", "app/signs.ts", "#lib/adapters/storage/storage-client.ts"],
]

const ALLOWED: [file: string, imported: string][] = [
  ["app/shares/page.tsx", "#components/button.tsx"],
  ["app/shares/page.test.ts", "#app/page.tsx"],
  ["components/row.tsx", "#lib/rooms/shares/share.ts"],
  ["visitor/pages.tsx", "#components/button.tsx"],
  ["visitor/answers.ts", "#lib/rooms/claims/claim/claim.ts"],
  ["lib/web/reads.ts", "next/headers"],
  ["lib/rooms/jobs/connects.ts", "pg"],
  ["lib/rooms/jobs/last-in-line.ts", "../audit/audit-entry.ts"],
  ["lib/adapters/database.ts", "#prisma/generated/client.ts"],
  ["lib/rooms/shares/tested.test.ts", "#lib/rooms/jobs/start-jobs.ts"],
  ["server/mounts.ts", "#visitor/answer.ts"],
  ["bench/measures.ts", "#server/start.ts"],
  ["packages/local-s3/parses.ts", "saxes"],
  ["packages/local-s3/hashes.ts", "node:crypto"],
  ["packages/local-s3/main.test.ts", "@aws-sdk/client-s3"],
]

/** Ways to import, each from a later room. */
const WAYS = {
  "import-type": 'import type { A } from "#lib/rooms/jobs/start-jobs.ts"\nexport type B = A',
  "import-inline-type": 'import { type A } from "#lib/rooms/jobs/start-jobs.ts"\nexport type B = A',
  "export-from": 'export { a } from "#lib/rooms/jobs/start-jobs.ts"',
  "export-all": 'export * from "#lib/rooms/jobs/start-jobs.ts"',
  "dynamic-import": 'export const a = () => import("#lib/rooms/jobs/start-jobs.ts")',
}

const TREES = ["components", "packages", "server", "visitor"]

let project: string
let law: Law
/** The modules of these trees, and those that they import. */
let ours: Module[]
beforeAll(async () => {
  project = await mkdtemp(path.join(tmpdir(), "lapse-law-"))
  await cp(path.join(root, "package.json"), path.join(project, "package.json"))
  await symlink(path.join(root, "node_modules"), path.join(project, "node_modules"))
  for (const [file, imported] of [...BREACHES.map(([, ...rest]) => rest), ...ALLOWED]) {
    await write(file, `import "${imported}"`)
    const target = localFile(file, imported)
    if (target && !target.endsWith("/nowhere.ts") && !existsSync(path.join(project, target)))
      await write(target, "export {}")
  }
  for (const [name, source] of Object.entries(WAYS))
    await write(`lib/rooms/audit/${name}.ts`, source)
  await write("lib/cycle-b.ts", 'import type { A } from "./cycle-a.ts"\nexport type B = A')
  await write("lib/adapters/secrets.ts", "export const secret = 1")
  await write("components/link.tsx", 'import "next/navigation"')
  await write("visitor/through-a-component.tsx", 'import "#components/link.tsx"')
  await write("components/menu.tsx", '"use client"\nexport {}')
  await write("visitor/with-a-menu.tsx", 'import "#components/menu.tsx"')
  const [made, real] = await Promise.all([
    cruise(project, ".", "json"),
    cruise(root, TREES.join(" "), "json"),
  ])
  law = JSON.parse(made.output)
  ours = (JSON.parse(real.output) as Law).modules
})
afterAll(() => rm(project, { recursive: true }))

describe("the import law", () => {
  it.each(BREACHES)("%s: refuses %s importing %s", (rule, file) => {
    expect(brokenBy(file)).toContain(rule)
  })

  it.each(ALLOWED)("lets %s import %s", (file) => {
    expect(brokenBy(file).filter((rule) => rule !== "adapter-is-fenced")).toEqual([])
  })

  it.each(Object.keys(WAYS))("recognises %s", (name) => {
    expect(brokenBy(`lib/rooms/audit/${name}.ts`)).toEqual(["layer-audit"])
  })

  it("keeps Next out of a component that the visitor's pages use", () => {
    expect(brokenBy("visitor/through-a-component.tsx")).toEqual(["visitor-without-next"])
  })

  it("requires a fence in a module that the browser must not load", () => {
    expect(brokenBy("lib/adapters/secrets.ts")).toEqual(["adapter-is-fenced"])
  })

  it("has a breach in this file for every rule", () => {
    const { forbidden, required } = law.summary.ruleSetUsed
    const broken = new Set(law.summary.violations.map(({ rule }) => rule.name))
    expect([...forbidden, ...required].map(({ name }) => name).sort()).toEqual([...broken].sort())
  })

  it("fails the check and prints the reason", async () => {
    const { code, output } = await cruise(project, "lib/rooms/audit", "err-long")
    expect(code).not.toBe(0)
    expect(output).toContain("layer-audit: lib/rooms/audit/later.ts → lib/rooms/settings/above.ts")
    expect(output.replace(/\s+/g, " ")).toContain(
      "A layer of lib/ uses those before it: process-wide ← ",
    )
  })

  it("keeps components that need a browser out of the visitor's pages", () => {
    expect(clientComponentsOfVisitor(project, law.modules)).toEqual(["components/menu.tsx"])
    expect(clientComponentsOfVisitor(root, ours)).toEqual([])
  })

  it("lets no folders of a tree import each other; those of lib/ are in layers", async () => {
    await write("components/cards/card.tsx", 'import "../shelves/frame.tsx"')
    await write("components/shelves/frame.tsx", "export {}")
    await write("components/shelves/shelf.tsx", 'import "../cards/card.tsx"')
    const made: Law = JSON.parse((await cruise(project, "components", "json")).output)
    expect(foldersInCircles(made.modules, "components")).toEqual(["cards", "shelves"])
    expect(TREES.flatMap((tree) => foldersInCircles(ours, tree))).toEqual([])
  })

  it("keeps Zod out of browsers: every schema of lib/ is fenced", async () => {
    await write(
      "lib/rooms/shares/open-schema.ts",
      'import { z } from "zod"\nexport const A = z.string()',
    )
    await write(
      "lib/rooms/shares/type-of-schema.ts",
      'import type { z } from "zod"\nexport type A = z',
    )
    await write(
      "lib/rooms/shares/fenced-schema.ts",
      'import "server-only"\nimport { z } from "zod"',
    )
    expect(unfencedSchemas(project)).toEqual(["lib/rooms/shares/open-schema.ts"])
    expect(unfencedSchemas(root)).toEqual([])
  })
})

type Module = { source: string; dependencies: { resolved: string }[] }
type Law = {
  modules: Module[]
  summary: {
    violations: { from: string; rule: { name: string } }[]
    ruleSetUsed: { forbidden: { name: string }[]; required: { name: string }[] }
  }
}

const brokenBy = (file: string) =>
  law.summary.violations.filter(({ from }) => from === file).map(({ rule }) => rule.name)

async function write(file: string, source: string) {
  await mkdir(path.dirname(path.join(project, file)), { recursive: true })
  await writeFile(path.join(project, file), `${source}\n`)
}

function localFile(from: string, imported: string) {
  if (imported.startsWith("#")) return imported.slice(1)
  return imported.startsWith(".") ? path.join(path.dirname(from), imported) : null
}

/**
 * Lists modules that visitor/ reaches and that begin with "use client": in static markup such parts
 * do not work.
 */
function clientComponentsOfVisitor(directory: string, modules: Module[]) {
  const importsOf = new Map(modules.map(({ source, dependencies }) => [source, dependencies]))
  const reached = new Set(
    [...importsOf.keys()].filter((source) => /^visitor\/.*(?<![.]test)[.]tsx?$/.test(source)),
  )
  for (const source of reached) {
    for (const { resolved } of importsOf.get(source) ?? []) reached.add(resolved)
  }
  return [...reached]
    .filter((source) => /^(components|visitor)\//.test(source))
    .filter((source) =>
      readFileSync(path.join(directory, source), "utf8").startsWith('"use client"'),
    )
}

/** Lists the folders and files in a tree that import each other, directly or in a circle. */
function foldersInCircles(modules: Module[], tree: string) {
  const partOf = (file: string) => (file.startsWith(`${tree}/`) ? file.split("/")[1] : undefined)
  const uses = new Map<string, Set<string>>()
  for (const { source, dependencies } of modules) {
    const part = partOf(source)
    if (!part || /[.]test[.]tsx?$|\/testing[.]ts$/.test(source)) continue
    const used = dependencies
      .map(({ resolved }) => partOf(resolved))
      .filter((each) => each !== part)
    uses.set(
      part,
      new Set([...(uses.get(part) ?? []), ...used.filter((each) => each !== undefined)]),
    )
  }
  const reached = (part: string, all = new Set<string>()) => {
    for (const used of uses.get(part) ?? []) if (!all.has(used)) reached(used, all.add(used))
    return all
  }
  return [...uses.keys()].filter((part) => reached(part).has(part)).sort()
}

/**
 * Modules of lib/ that import Zod, other than its types, and that a browser's bundle may contain.
 */
function unfencedSchemas(directory: string) {
  return readdirSync(path.join(directory, "lib"), { recursive: true, encoding: "utf8" })
    .filter((name) => /(?<![.]test)[.]tsx?$/.test(name))
    .map((name) => path.join("lib", name))
    .filter((source) => {
      const text = readFileSync(path.join(directory, source), "utf8")
      return /^import (?!type).*"zod/m.test(text) && !text.includes('import "server-only"')
    })
}

function cruise(directory: string, what: string, outputType: string) {
  const args = [cruiser, ...what.split(" "), "--config", config, "--output-type", outputType]
  return new Promise<{ code: number; output: string }>((resolve) => {
    const options = { cwd: directory, maxBuffer: 64 * 1024 ** 2 }
    execFile(process.execPath, args, options, (error, output) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, output }),
    )
  })
}
