import fs from "node:fs"
import path from "node:path"
import { type Lock, nameOf } from "./locked-packages.ts"

const POSTGRESQL = fs.readFileSync(path.join(import.meta.dirname, "postgresql-license.txt"), "utf8")

/**
 * The licence texts of packages, from a folder that contains them, and of PostgreSQL. The text in
 * Node's package also covers the libraries that Node includes.
 */
export function licenseTexts({ packages }: Lock, modules: string, folders: string[]): string {
  const sections = folders.map((folder) => {
    const { version, license = "see its package" } = packages[folder] ?? {}
    const texts = readTexts(path.join(modules, folder))
    return [`${nameOf(folder)} ${version}: ${license}`, ...texts].join("\n\n")
  })
  return [...sections, `PostgreSQL: PostgreSQL\n\n${POSTGRESQL}`].join(`\n\n${"-".repeat(78)}\n\n`)
}

function readTexts(folder: string) {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(licen[cs]e|copying|notice)/i.test(entry.name))
    .map(({ name }) => name)
    .sort()
    .map((name) => fs.readFileSync(path.join(folder, name), "utf8").trim())
}
