import { spawnSync } from "node:child_process"
import fs from "node:fs"
import path from "node:path"
import { afterAll, expect, it } from "vitest"
import { findAccount } from "#server/embedded/postgres-account.ts"
import { makeFastDirectory } from "#testing/fast-directory.ts"

const NOBODY = 65534
/** Only root can give files to other users, and the other user must be able to read this code. */
const mayTry =
  process.getuid?.() === 0 &&
  spawnSync("test", ["-r", import.meta.filename], { uid: NOBODY }).status === 0

const place = makeFastDirectory()
afterAll(place.remove)
let names = 0

/** A data directory of the user nobody, as a start leaves it. */
function dataDirectory() {
  fs.chmodSync(place.path, 0o755)
  const directory = path.join(place.path, `data-${names++}`)
  for (const name of ["secrets", "objects/blobs", "objects/buckets", "postgres/cluster/global"])
    fs.mkdirSync(path.join(directory, name), { recursive: true, mode: 0o700 })
  for (const name of ["lock", "running.json", "secrets/link-secret"])
    fs.writeFileSync(path.join(directory, name), "", { mode: 0o600 })
  for (const name of ["PG_VERSION", "global/pg_control"])
    fs.writeFileSync(path.join(directory, "postgres/cluster", name), "18", { mode: 0o600 })
  give(directory, NOBODY)
  return directory
}

/** Makes a user the owner of a file, or of a directory and everything in it. */
function give(file: string, uid: number) {
  fs.chownSync(file, uid, uid)
  if (fs.statSync(file).isDirectory())
    for (const name of fs.readdirSync(file)) give(path.join(file, name), uid)
}

/** The refusals of a start as nobody, one per data directory; null if it may use the directory. */
function startAsNobody(directories: string[]): (string | null)[] {
  const root = path.join(import.meta.dirname, "../..")
  const program = `
    const { takeDataDirectory } = await import(${JSON.stringify(path.join(root, "server/configuration/data-directory.ts"))})
    const said = JSON.parse(process.argv[1]).map((directory) => {
      try {
        takeDataDirectory(directory)
        return null
      } catch (error) {
        return error.name + ": " + error.message
      }
    })
    console.log(JSON.stringify(said))`
  const serverOnly = path.join(root, "server/server-only.mjs")
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", serverOnly, "--input-type=module", "-e", program, JSON.stringify(directories)],
    { uid: NOBODY, gid: NOBODY, cwd: root, encoding: "utf8" },
  )
  return JSON.parse(stdout || JSON.stringify(stderr))
}

it.runIf(mayTry)(
  "a data directory that another user copied is refused, with the path, both users and the command to run",
  () => {
    const copied = ["", "lock", "running.json", "secrets", "secrets/link-secret"].concat([
      "objects",
      "objects/blobs",
      "postgres",
    ])
    const directories = copied.map((name) => {
      const directory = dataDirectory()
      give(path.join(directory, name), 0)
      return directory
    })
    const shared = dataDirectory()
    give(path.join(shared, "objects"), 0)
    fs.chmodSync(path.join(shared, "objects"), 0o777)
    for (const name of ["blobs", "buckets"]) fs.chmodSync(path.join(shared, "objects", name), 0o777)

    const said = startAsNobody([...directories, dataDirectory(), shared])

    expect(said).toEqual([
      ...copied.map((name, index) => {
        const directory = directories[index] ?? ""
        return `SetupError: ${path.join(directory, name)} belongs to root (0) and Lapse runs as nobody (${NOBODY}), who may not use it: ${name === "" ? "if it is a data directory of Lapse, " : ""}give it all to that user with \`chown -R ${NOBODY}:${NOBODY} ${directory}\` as root, or start Lapse as root (0); or set LAPSE_DATA_DIR to another directory.`
      }),
      null,
      null,
    ])
  },
)

it.runIf(mayTry)("root is told who must own a copied cluster", () => {
  for (const [name, uid, owner] of [
    ["", 0, "root (0)"],
    ["global", 0, "root (0)"],
    ["global", 54321, "user 54321"],
  ] as const) {
    const directory = dataDirectory()
    const cluster = path.join(directory, "postgres/cluster")
    give(path.join(cluster, name), uid)
    expect(() => findAccount(cluster)).toThrow(
      new RegExp(
        `^${path.join(cluster, name)} belongs to ${owner.replace(/[()]/g, "\\$&")} and PostgreSQL runs as .+ here, .*\`chown -R \\d+:\\d+ ${path.dirname(cluster)}\` as root`,
      ),
    )
  }
  for (const uid of [NOBODY, 54321]) {
    const directory = dataDirectory()
    give(directory, uid)
    expect(findAccount(path.join(directory, "postgres/cluster"))).toMatchObject({ uid })
  }
})
