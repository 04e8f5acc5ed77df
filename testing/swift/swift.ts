import { execFile, spawnSync } from "node:child_process"
import { mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs"
import path from "node:path"
import { promisify } from "node:util"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { aptInstall, hasApt } from "#testing/programs/apt-install.ts"
import { freePort, killDaemon, startDaemon, untilAnswering } from "#testing/programs/daemons.ts"
import { SWIFT_SERVERS, swiftConfiguration } from "./swift-configuration.ts"

const run = promisify(execFile)
const COMMAND_TIMEOUT_MS = 60_000
const ACCOUNT = "lapse"
const KEYS = { accessKeyId: `${ACCOUNT}:tester`, secretAccessKey: "testing" }

const PACKAGES = ["swift-proxy", "swift-object", "swift-container", "swift-account", "memcached"]

/**
 * Whether OpenStack Swift is installed. Installs it as root on Debian; elsewhere prints how to
 * install it.
 */
export function findSwift(say: (line: string) => void): boolean {
  if (isInstalled()) return true
  if (hasApt()) {
    say(`Installing OpenStack Swift (Debian's ${PACKAGES.join(", ")})`)
    for (const name of PACKAGES) aptInstall(name)
    if (isInstalled()) return true
  }
  console.log(
    `Skipped: OpenStack Swift is not on this machine, and only root on Debian installs it here. apt-get install ${PACKAGES.join(" ")} brings it.`,
  )
  return false
}

const isInstalled = () =>
  ["setpriv", "memcached", "swift-ring-builder", "swift-proxy-server"].every(
    (program) => spawnSync("which", [program], { stdio: "ignore" }).status === 0,
  )

type Swift = typeof KEYS & { endpoint: string; stop: () => Promise<void> }

/**
 * Starts an OpenStack Swift with its S3 API: one server of each kind and one disk, a directory.
 * They end with `stop`, and when this process ends. Pages of `origin` may call the buckets.
 */
export async function startSwift(buckets: string[], origin: string): Promise<Swift> {
  const directory = makeFastDirectory()
  const inside = (...names: string[]) => path.join(directory.path, ...names)
  const log = openSync(inside("log"), "a")
  const start = (program: string, ...args: string[]) =>
    startDaemon(program, args, { stdio: ["ignore", log, log] })
  const daemons: ReturnType<typeof startDaemon>[] = []
  const stop = async () => {
    await Promise.all(daemons.map(killDaemon))
    directory.remove()
  }
  try {
    mkdirSync(inside("disks", "one"), { recursive: true })
    const memcached = await freePort()
    daemons.push(
      start("memcached", "-l", "127.0.0.1", "-p", `${memcached}`, "-U", "0", "-u", "root"),
    )
    for (const server of SWIFT_SERVERS) {
      const port = await freePort()
      const wanted = { directory: directory.path, server, port, memcached, origin, keys: KEYS }
      for (const [name, text] of Object.entries(swiftConfiguration(wanted)))
        writeFileSync(inside(name), text)
      if (server !== "proxy") await buildRing(inside(`${server}.builder`), port)
      const daemon = start(`swift-${server}-server`, inside(`${server}.conf`))
      daemons.push(daemon)
      if (server !== "proxy") continue
      const endpoint = `http://127.0.0.1:${port}`
      await untilAnswering(endpoint, daemon)
      for (const bucket of buckets) await allowPages(endpoint, bucket, origin)
      return { ...KEYS, endpoint, stop }
    }
    throw new Error("There is no proxy server.")
  } catch (error) {
    const lines = readFileSync(inside("log"), "utf8").trimEnd().split("\n").slice(-10).join("\n")
    await stop()
    throw new Error(`Swift did not start.\n${lines}`, { cause: error })
  }
}

/** Builds the ring of one kind of server: one copy of everything, on the only disk. */
async function buildRing(file: string, port: number) {
  const build = (...args: string[]) =>
    run("swift-ring-builder", [file, ...args], { timeout: COMMAND_TIMEOUT_MS })
  await build("create", "6", "1", "0")
  await build("add", `r1z1-127.0.0.1:${port}/one`, "100")
  await build("rebalance")
}

/** Creates a bucket and the container of its parts, and lets pages read their answers. */
async function allowPages(endpoint: string, bucket: string, origin: string) {
  const user = { "x-auth-user": KEYS.accessKeyId, "x-auth-key": KEYS.secretAccessKey }
  const { headers } = await fetch(`${endpoint}/auth/v1.0`, { headers: user })
  for (const container of [bucket, `${bucket}%2Bsegments`]) {
    const answer = await fetch(`${endpoint}/v1/AUTH_${ACCOUNT}/${container}`, {
      method: "PUT",
      headers: {
        "x-auth-token": headers.get("x-auth-token") ?? "",
        "x-container-meta-access-control-allow-origin": origin,
        "x-container-meta-access-control-expose-headers": "etag content-range accept-ranges",
      },
    })
    if (!answer.ok) throw new Error(`Swift refused the container: ${answer.status}.`)
  }
}
