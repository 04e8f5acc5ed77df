import type { Lock } from "./locked-packages.ts"
import { nameOf } from "./locked-packages.ts"

/** A program or library that did not come as an npm package of its own. */
export type Binary = { name: string; version: string; license?: string }

type Materials = {
  version: string
  lock: Lock
  /** The folders of the npm packages. */
  packages: string[]
  binaries: Binary[]
}

/** Describes the contents of a release as a CycloneDX 1.6 document. */
export function billOfMaterials({ version, lock, packages, binaries }: Materials) {
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: {
        type: "application",
        "bom-ref": `lapse@${version}`,
        name: "lapse",
        version,
        licenses: [{ license: { id: "Apache-2.0" } }],
      },
    },
    components: [
      ...packages.map((folder) => packageComponent(nameOf(folder), folder, lock)),
      ...binaries.map(({ name, version: its, license }) => ({
        type: "library",
        "bom-ref": `pkg:generic/${name}@${its}`,
        name,
        version: its,
        ...licensesOf(license),
        purl: `pkg:generic/${name}@${its}`,
      })),
    ],
  }
}

function packageComponent(fullName: string, folder: string, { packages }: Lock) {
  const { version = "", license, integrity } = packages[folder] ?? {}
  const [name = "", group] = fullName.split("/").reverse()
  const purl = `pkg:npm/${fullName.replace("@", "%40")}@${version}`
  const digest = integrity?.startsWith("sha512-") && integrity.slice("sha512-".length)
  return {
    type: "library",
    "bom-ref": `${purl}?at=${encodeURIComponent(folder)}`, // a version may be there twice
    ...(group ? { group } : {}),
    name,
    version,
    ...(digest
      ? { hashes: [{ alg: "SHA-512", content: Buffer.from(digest, "base64").toString("hex") }] }
      : {}),
    ...licensesOf(license),
    purl,
  }
}

function licensesOf(license: string | undefined) {
  if (!license) return {}
  return / (AND|OR|WITH) /i.test(license)
    ? { licenses: [{ expression: license }] }
    : { licenses: [{ license: { id: license } }] }
}
