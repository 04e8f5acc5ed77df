import path from "node:path"
import { SetupError } from "#lib/adapters/errors.ts"
import type { Lock } from "./locked-packages.ts"
import { nameOf } from "./locked-packages.ts"
import { runNpm } from "./run-npm.ts"

const root = path.join(import.meta.dirname, "../..")

/** A program or library that is not a separate npm package. */
export type Binary = { name: string; version: string; license?: string }

type Materials = {
  lock: Lock
  /** The folders of the npm packages. */
  packages: string[]
  binaries: Binary[]
}

type Document = {
  components: { "bom-ref": string; name: string; version: string }[]
  dependencies?: { ref: string; dependsOn?: string[] }[]
}

/**
 * Describes the contents of a release as a CycloneDX document: npm's list of packages, reduced to
 * the release's, and the binaries.
 */
export function billOfMaterials({ lock, packages, binaries }: Materials) {
  const { components, dependencies = [], ...document } = npmDocument()
  const shipped = new Set(
    packages.map((folder) => `${nameOf(folder)}@${lock.packages[folder]?.version}`),
  )
  const isShipped = ({ name, version }: Document["components"][number]) =>
    shipped.has(`${name}@${version}`)
  const leftOut = new Set(
    components.filter((each) => !isShipped(each)).map((each) => each["bom-ref"]),
  )
  const isHere = (ref: string) => !leftOut.has(ref)
  return {
    ...document,
    components: [
      ...components.filter(isShipped),
      ...binaries.map(({ name, version, license }) => ({
        "bom-ref": `${name}@${version}`,
        type: "library",
        name,
        version,
        purl: `pkg:generic/${name}@${version}`,
        ...(license && { licenses: [{ license: { id: license } }] }),
      })),
    ],
    dependencies: dependencies
      .filter(({ ref }) => isHere(ref))
      .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter(isHere) })),
  }
}

function npmDocument(): Document {
  // With development packages omitted, npm would also omit packages that Lapse shares with them.
  const { status, stdout } = runNpm(
    ["sbom", "--package-lock-only", "--include=dev", "--sbom-format=cyclonedx"],
    { cwd: root, stdio: ["ignore", "pipe", "inherit"] },
  )
  if (status !== 0) throw new SetupError("npm sbom failed, see above.")
  return JSON.parse(String(stdout))
}
