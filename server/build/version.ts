import fs from "node:fs"
import path from "node:path"

/** The version of this installation, from package.json. */
export function lapseVersion(): string {
  const file = path.join(import.meta.dirname, "../../package.json")
  const { version } = JSON.parse(fs.readFileSync(file, "utf8"))
  return String(version)
}
