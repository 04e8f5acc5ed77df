import { execFileSync } from "node:child_process"
import fs from "node:fs"
import path from "node:path"

const run = (tool: string, args: string[]) =>
  execFileSync(tool, args, {
    env: { ...process.env, LC_ALL: "C.UTF-8" },
    maxBuffer: 64 * 1024 ** 2,
  }).toString()

const isHere = (tool: string) => run("sh", ["-c", `command -v ${tool} || true`]) !== ""

const PYTHON = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    bad = z.testzip()
    assert bad is None, bad
    z.extractall(sys.argv[2])
`

/**
 * Unpacks an archive with every tool on this machine, whose results must be equal, after `unzip
 * -t`. Returns the bytes by path.
 */
export function unpack(archive: string, into: string): Map<string, Buffer> {
  const found: Map<string, Buffer>[] = []
  const unpackedBy = (tool: string, args: (folder: string) => string[]) => {
    if (!isHere(tool)) return
    const folder = path.join(into, tool)
    fs.mkdirSync(folder, { recursive: true })
    run(tool, args(folder))
    found.push(filesBelow(folder))
  }
  if (isHere("unzip")) run("unzip", ["-tq", archive])
  unpackedBy("python3", (folder) => ["-c", PYTHON, archive, folder])
  unpackedBy("bsdtar", (folder) => ["-xf", archive, "-C", folder])
  unpackedBy("unzip", (folder) => ["-q", archive, "-d", folder])
  const [first, ...others] = found
  if (!first) throw new Error("None of python3, bsdtar and unzip is on this machine.")
  for (const other of others) {
    for (const [name, bytes] of first) {
      if (!other.get(name)?.equals(bytes)) throw new Error(`The tools disagree about ${name}.`)
    }
    if (other.size !== first.size) throw new Error("The tools disagree about what is there.")
  }
  return first
}

function filesBelow(folder: string) {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true })
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => [path.relative(folder, file), fs.readFileSync(file)]),
  )
}
