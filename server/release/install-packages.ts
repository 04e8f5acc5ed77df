import fs from "node:fs"
import os from "node:os"
import path from "node:path"
import { SetupError } from "#lib/adapters/errors.ts"
import type { Architecture } from "./contents.ts"
import { runNpm } from "./run-npm.ts"

const root = path.join(import.meta.dirname, "../..")

type Options = { architecture: Architecture; say: (line: string) => void }

/**
 * Returns the folder with the lock file's packages for an architecture: this repository or, for a
 * foreign architecture, a temporary folder that `remove` deletes.
 */
export async function installPackages({ architecture, say }: Options) {
  if (process.platform === "linux" && process.arch === architecture)
    return { folder: root, remove() {} }
  say(`Installing the packages of linux-${architecture}`)
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "lapse-packages-"))
  for (const name of ["package.json", "package-lock.json"])
    fs.copyFileSync(path.join(root, name), path.join(folder, name))
  const platform = ["--os=linux", `--cpu=${architecture}`, "--libc=glibc"]
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
  const { status } = runNpm(
    ["ci", "--omit=dev", "--include=optional", "--ignore-scripts", ...platform, ...quiet],
    { cwd: folder, stdio: "inherit" },
  )
  const remove = () => fs.rmSync(folder, { recursive: true, force: true })
  if (status === 0) return { folder, remove }
  remove()
  throw new SetupError(
    `The packages of linux-${architecture} could not be installed (see above): check that the npm registry can be reached.`,
  )
}
