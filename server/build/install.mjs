import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "../..")
const stamp = path.join(root, "node_modules/.lapse-stamp")

/** Installs the packages of package-lock.json if they are missing. A release includes them. */
export async function install() {
  if (existsSync(path.join(root, "release.json"))) return
  const [major = 0] = process.versions.node.split(".").map(Number)
  if (major < 20) {
    console.error(
      `Lapse needs Node 20 or newer to start, and this is ${process.version}: update Node.`,
    )
    process.exit(1)
  }
  const wanted = createHash("sha256")
    .update(readFileSync(path.join(root, "package-lock.json")))
    .update(`${process.platform} ${process.arch}`)
    .digest("hex")
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return
  if (!existsSync(stamp) && isInstalled()) return keep(wanted)

  console.log("Installing the packages of package-lock.json, once …")
  rmSync(stamp, { force: true })
  const code = await runNpm([
    "ci",
    "--include=dev",
    "--include=optional",
    "--ignore-scripts",
    "--no-audit",
    "--loglevel=error",
    "--no-fund",
  ])
  if (code !== 0) {
    console.error(
      "The packages could not be installed (see above): check that the npm registry can be reached and that this user may write to this folder.",
    )
    process.exit(1)
  }
  keep(wanted)
}

/** Whether npm itself has already installed exactly these packages. */
function isInstalled() {
  const installed = path.join(root, "node_modules/.package-lock.json")
  if (!existsSync(installed)) return false
  const read = (file) => JSON.parse(readFileSync(file, "utf8")).packages
  const there = read(installed)
  return Object.entries(read(path.join(root, "package-lock.json"))).every(
    ([name, { version, optional }]) => name === "" || optional || there[name]?.version === version,
  )
}

function keep(wanted) {
  try {
    writeFileSync(stamp, wanted)
  } catch {
    // The note was not written, so the next start checks again.
  }
}

function runNpm(args) {
  // Under `npm start` this is the path of the npm that started it, which runs on the same Node.
  const cli = process.env.npm_execpath
  const [command, first] = cli?.endsWith(".js") ? [process.execPath, [cli]] : ["npm", []]
  return new Promise((resolve) => {
    const child = spawn(command, [...first, ...args], { cwd: root, stdio: "inherit" })
    child.once("error", () => resolve(1))
    child.once("exit", resolve)
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => child.kill(signal))
  })
}
