import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { freePort } from "#testing/programs/daemons.ts"
import { runs } from "#testing/programs/find-program.ts"
import { findInTree } from "../../installation/process-tree.ts"

const root = path.join(import.meta.dirname, "../../..")
/** The Node that comes with Lapse. */
export const NODE = path.join(root, `node_modules/node-linux-${process.arch}/bin/node`)

/** Why a test that needs these programs, and root for its namespaces, is skipped; false if it runs. */
export function cannotRun(...programs: string[]): string | false {
  if (process.platform !== "linux" || process.getuid?.() !== 0)
    return "Only root on Linux can give a process another root directory."
  const missing = programs.filter((program) => !runs(program))
  return missing.length > 0 && `Not on this machine: ${missing.join(", ")} (packages of Debian).`
}

/** Runs a program to its end; throws its output if it fails. */
export function run(program: string, args: string[], env: Record<string, string> = {}): string {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: "utf8",
    env: { ...process.env, ...env },
    maxBuffer: 2 ** 28,
  })
  if (status === 0) return stdout.trim()
  throw new Error(`${program} ${args.join(" ")} ended with ${status}:\n${stdout}\n${stderr}`)
}

/** Makes a tarball of a Debian with only its essential packages and the named ones. */
export function makeDebian(file: string, packages: string[] = []): void {
  const include = packages.map((name) => `--include=${name}`)
  run("mmdebstrap", ["--variant=minbase", ...include, "trixie", file])
}

/** Mounts the file systems of a container, and runs a program in the otherwise read-only root. */
const ENTER = `
  root=$1 data=$2 user=$3; shift 3
  mount --bind "$root" "$root"
  mount --bind "$data" "$root/data"
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  mount -o remount,bind,ro "$root"
  exec chroot --userspec="$user" --groups= "$root" env -i "$@"`

type Entering = {
  /** The root directory, which has a directory data. */
  root: string
  /** The directory that is mounted as data, the only writable one. */
  data: string
  /** A user and a group by number: `12345:0`. */
  user: string
  env: Record<string, string>
}

/** Runs a program in a read-only root directory, as process 1 of a separate namespace. */
function enter({ root, data, user, env }: Entering, command: string[]) {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  const namespaces = ["--mount", "--pid", "--fork", "--kill-child=SIGKILL"]
  const args = [...namespaces, "sh", "-euc", ENTER, "sh", root, data, user, ...variables]
  return spawn("unshare", [...args, ...command], { stdio: ["ignore", "pipe", "pipe"] })
}

function outputOf(child: ChildProcess) {
  const said = { text: "" }
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => {
      said.text += text
    })
  return said
}

/** Runs a program in a root directory to its end. */
export async function runIn(place: Entering, command: string[]) {
  const child = enter(place, command)
  const said = outputOf(child)
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve))
  return { code, said: said.text }
}

export type Contained = {
  url: string
  /** The variables that it was started with, for commands beside it. */
  env: Record<string, string>
  /** Milliseconds from the start to the first healthy answer. */
  startedInMs: number
  said: () => string
  /** Sends SIGTERM, as container engines and service managers do; resolves with the exit code. */
  stop: () => Promise<number | null>
}

/** Starts Lapse in a root directory, on free ports of this machine, and waits until it is healthy. */
export async function startIn(place: Entering, command: string[]): Promise<Contained> {
  const [port, storePort] = [await freePort(), await freePort()]
  const url = `http://localhost:${port}`
  const ports = { PORT: String(port), LOCAL_S3_PORT: String(storePort), APP_URL: url }
  const startedAt = performance.now()
  const env = { ...place.env, ...ports }
  const child = enter({ ...place, env }, command)
  const said = outputOf(child)
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve))
  const stop = () => {
    const [first] = findInTree(child.pid ?? 0, /lapse start|bin\/lapse\.mjs/).filter(
      (pid) => pid !== child.pid,
    )
    if (first) process.kill(first, "SIGTERM")
    return exited
  }
  for (;;) {
    if (child.exitCode !== null) throw new Error(`Lapse did not start:\n${said.text}`)
    const answer = await fetch(`${url}/api/health`).catch(() => null)
    if (answer?.status === 200) break
    if (performance.now() - startedAt > 120_000) {
      child.kill("SIGKILL")
      throw new Error(`Lapse was not healthy within two minutes:\n${said.text}`)
    }
    await sleep(100)
  }
  const startedInMs = Math.round(performance.now() - startedAt)
  return { url, env, startedInMs, said: () => said.text, stop }
}

/** Makes a directory of a new volume: it belongs to root, and everyone may write to it. */
export function makeVolume(mode = 0o777): { path: string; remove: () => void } {
  const directory = mkdtempSync(path.join(tmpdir(), "lapse-volume-"))
  execFileSync("chmod", [mode.toString(8), directory])
  return { path: directory, remove: () => rmSync(directory, { recursive: true, force: true }) }
}

/** Unpacks a tarball into a new root directory with a directory data. */
export function unpackRoot(file: string, directory: string): void {
  if (!existsSync(directory)) mkdirSync(directory)
  run("tar", ["--extract", "--numeric-owner", "--file", file, "--directory", directory])
  mkdirSync(path.join(directory, "data"))
  nameLocalhost(directory)
}

/** Writes the file of host names into a root directory, as container engines do. */
export function nameLocalhost(directory: string): void {
  writeFileSync(path.join(directory, "etc/hosts"), "127.0.0.1 localhost\n::1 localhost\n")
}

/** The bytes of all files below a directory. */
export const unpackedBytes = (directory: string) =>
  Number(run("du", ["--summarize", "--bytes", "--one-file-system", directory]).split("\t")[0])
