import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import fs from "node:fs"
import path from "node:path"
import { SetupError } from "#lib/adapters/errors.ts"
import { tryLock, tryShare, waitForLock } from "#packages/file-lock/file-lock.ts"
import { compressScripts } from "./compress-files.ts"
import { type ListedCall, listCalls, listRoutes } from "./list-routes.ts"
import { readRelease } from "./release.ts"

const root = path.join(import.meta.dirname, "../..")
const builds = path.join(root, ".next/builds")

const SOURCES = [
  "app",
  "cli",
  "components",
  "lib",
  "messages",
  "packages",
  "public",
  "visitor",
  "prisma/schema.prisma",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "server/build/build-command.ts",
  "server/build/build-visitor.ts",
  "server/build/compress-files.ts",
  "server/build/list-routes.ts",
  "next.config.mjs",
  "postcss.config.mjs",
  "instrumentation.ts",
]
const NOT_BUILT = /\.test\.tsx?$|^packages\/local-s3\//

/**
 * Builds the current sources, unless that build exists, and returns its folder, relative to the
 * root. A release includes its build. Every state of the sources has its own folder, so a build
 * never disturbs a process that serves another one. Folders that no process serves are removed. A
 * build contains no settings, and its file names are the same on every machine, so a page from one
 * machine can load its files from another.
 */
export async function buildApp(say: (line: string) => void): Promise<string> {
  const release = readRelease()
  if (release) return release.build
  const hash = hashSources()
  const folder = path.join(builds, hash)
  const stamp = path.join(folder, "lapse-stamp")
  if (!fs.existsSync(stamp)) {
    const lock = await waitForBuildLock(say)
    try {
      if (!fs.existsSync(stamp)) {
        say("Building the app (once per change of its sources)")
        await runBuild(folder)
        const routes: Routes = { routes: listRoutes(), calls: await listCalls() }
        fs.writeFileSync(routesFile(folder), JSON.stringify(routes))
        compressScripts(path.join(folder, "static"))
        const { buildVisitor } = await import("./build-visitor.ts") // loads 30 MiB of tools
        await buildVisitor(visitorFolder(path.relative(root, folder)))
        const { buildCommand } = await import("./build-command.ts")
        await buildCommand(commandFile(path.relative(root, folder)))
        fs.writeFileSync(stamp, `${new Date().toISOString()}\n`)
      }
      share(folder)
      removeUnused(hash)
    } finally {
      lock.release()
    }
  } else {
    share(folder)
  }
  return path.relative(root, folder)
}

/** The folder of a build with the files of members' pages, each with compressed copies. */
export const staticFolder = (build: string) => path.join(root, build, "static")

/** The folder of a build that holds the built `visitor/`; the rest of the build is Next's. */
export const visitorFolder = (build: string) => path.join(root, build, "visitor")

/** The file of a build with the command that the installation serves. */
export const commandFile = (build: string) => path.join(root, build, "lapse-command.js")

const routesFile = (folder: string) => path.join(folder, "lapse-routes.json")

type Routes = { routes: string[]; calls: ListedCall[] }

/** The routes of the app/ that a build was made from, and the calls of `/api/v1`. */
export const readRoutes = (build: string): Routes =>
  JSON.parse(fs.readFileSync(routesFile(path.join(root, build)), "utf8"))

function hashSources() {
  const hash = createHash("sha256").update(`${process.version} ${process.platform} ${process.arch}`)
  for (const source of SOURCES.flatMap(listFiles)) {
    hash
      .update(`${source}\0`)
      .update(fs.readFileSync(path.join(root, source)))
      .update("\0")
  }
  return hash.digest("hex").slice(0, 16)
}

function listFiles(source: string): string[] {
  const found = fs.statSync(path.join(root, source), { throwIfNoEntry: false })
  if (!found) return []
  if (found.isFile()) return [source]
  return fs
    .readdirSync(path.join(root, source), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((file) => !NOT_BUILT.test(file))
    .sort()
}

async function waitForBuildLock(say: (line: string) => void) {
  try {
    fs.mkdirSync(builds, { recursive: true })
    const file = path.join(builds, "lock")
    return await waitForLock(file, () => say("Waiting for another build of these sources"))
  } catch (error) {
    throw new SetupError(`The folder ${builds} cannot be written: give this user the right to.`, {
      cause: error,
    })
  }
}

async function runBuild(folder: string) {
  fs.rmSync(folder, { recursive: true, force: true })
  fs.mkdirSync(folder)
  const tsconfig = path.join(builds, "tsconfig.json")
  fs.copyFileSync(path.join(root, "tsconfig.json"), tsconfig)
  const child = spawn(
    process.execPath,
    [path.join(root, "node_modules/next/dist/bin/next"), "build"],
    {
      cwd: root,
      env: {
        ...process.env,
        NODE_ENV: "production",
        NEXT_TELEMETRY_DISABLED: "1",
        LAPSE_BUILD_DIR: path.relative(root, folder),
        LAPSE_BUILD_TSCONFIG: path.relative(root, tsconfig),
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  )
  let output = ""
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-20_000)
    })
  }
  const onExit = () => child.kill()
  process.once("exit", onExit)
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject).once("exit", resolve)
  })
  process.off("exit", onExit)
  if (code !== 0) throw new SetupError(`${output.trim()}\n\nThe app could not be built: see above.`)
}

/** Takes a shared lock, so that the folder is not removed while this process runs. */
function share(folder: string) {
  try {
    tryShare(path.join(folder, "in-use"))
  } catch {
    // The installation is read-only, so no other process can remove the folder either.
  }
}

function removeUnused(current: string) {
  for (const name of fs.readdirSync(builds)) {
    const folder = path.join(builds, name)
    if (name === current || !fs.statSync(folder).isDirectory()) continue
    const lock = tryLock(path.join(folder, "in-use"))
    if (!lock) continue
    lock.release()
    fs.rmSync(folder, { recursive: true, force: true })
  }
}
