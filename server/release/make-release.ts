import { execFileSync, spawnSync } from "node:child_process"
import fs from "node:fs"
import os from "node:os"
import path from "node:path"
import { SetupError } from "#lib/adapters/errors.ts"
import { VERSION } from "#lib/adapters/version.ts"
import { readOptions } from "#server/configuration/read-options.ts"
import { assemble } from "./assemble.ts"
import { ARCHITECTURES, type Architecture } from "./contents.ts"
import { packTarball } from "./tarball.ts"

// npm run release                               both tarballs into dist/, from the last commit
// npm run release -- --folder DIR               the folder of a release, from this working tree
//   [--architecture x64|arm64] [--without-node] [--commit ID]

const root = path.join(import.meta.dirname, "../..")
const say = (line: string) => console.log(`${line} …`)

async function makeFolder(values: ReturnType<typeof readOptions>["values"]) {
  const { folder, architecture = process.arch, commit } = values
  const known = ARCHITECTURES.find((name) => name === architecture)
  if (!known) throw new SetupError(`There is no release for ${architecture}: name x64 or arm64.`)
  await assemble({
    folder: path.resolve(String(folder)),
    architecture: known,
    withNode: values["without-node"] !== true,
    commit: typeof commit === "string" ? commit : null,
    say,
  })
}

/** Makes the tarballs only from the last commit, so that a commit always gives the same result. */
function makeTarballs() {
  const commit = git("rev-parse", "HEAD")
  const place = fs.mkdtempSync(path.join(os.tmpdir(), "lapse-release-"))
  const dist = path.join(root, "dist")
  fs.mkdirSync(dist, { recursive: true })
  try {
    const source = path.join(place, "source")
    checkOut(source)
    const sums: string[] = []
    for (const architecture of ARCHITECTURES) {
      const name = `lapse-${VERSION}-linux-${architecture}`
      const folder = path.join(place, name)
      assembleIn(source, { folder, architecture, commit })
      say(`Packing ${name}.tar.gz`)
      const file = `${name}.tar.gz`
      const sum = packTarball({ folder, name, file: path.join(dist, file) })
      fs.rmSync(folder, { recursive: true })
      sums.push(`${sum}  ${file}`)
    }
    fs.writeFileSync(path.join(dist, "SHA256SUMS"), `${sums.join("\n")}\n`)
    console.log(`${sums.join("\n")}\nin ${dist}`)
  } finally {
    fs.rmSync(place, { recursive: true, force: true })
  }
}

function git(...args: string[]) {
  return execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 2 ** 30 }).trim()
}

function checkOut(source: string) {
  fs.mkdirSync(source)
  const input = execFileSync("git", ["archive", "HEAD"], { cwd: root, maxBuffer: 2 ** 30 })
  execFileSync("tar", ["--extract", "--directory", source], { input })
}

type Wanted = { folder: string; architecture: Architecture; commit: string }

function assembleIn(source: string, { folder, architecture, commit }: Wanted) {
  const options = ["--folder", folder, "--architecture", architecture, "--commit", commit]
  const program = path.join(source, "bin/release.mjs")
  const { status } = spawnSync(process.execPath, [program, ...options], { stdio: "inherit" })
  if (status !== 0) throw new SetupError(`The release of linux-${architecture} failed, see above.`)
}

try {
  const { values } = readOptions({
    args: process.argv.slice(2),
    of: "npm run release",
    options: {
      folder: { type: "string" },
      architecture: { type: "string" },
      commit: { type: "string" },
      "without-node": { type: "boolean" },
    },
  })
  await (values.folder === undefined ? makeTarballs() : makeFolder(values))
} catch (error) {
  console.error(error instanceof SetupError ? error.message : error)
  process.exitCode = 1
}
