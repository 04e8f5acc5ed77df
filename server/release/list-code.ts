import path from "node:path"
import { build } from "esbuild"
import { PROGRAMS } from "./contents.ts"

const root = path.join(import.meta.dirname, "../..")

/**
 * Lists the modules of the repository that the programs of a release, and these further ones,
 * import at any depth, `import()` of a fixed name included, and the packages that those import.
 * Imports of types do not count.
 */
export async function listCode(further: string[] = []) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [...PROGRAMS, ...further],
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    outdir: "never-written",
    write: false,
    metafile: true,
    logLevel: "silent",
  })
  const files = Object.keys(metafile.inputs).filter((name) => !name.startsWith(".next/"))
  const imports = files.flatMap((name) => metafile.inputs[name]?.imports ?? [])
  const packages = new Set(imports.filter((each) => each.external).map((each) => each.path))
  return { files, packages }
}
