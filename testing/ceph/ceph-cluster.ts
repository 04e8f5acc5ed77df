import { type ChildProcess, execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { promisify } from "node:util"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { cephConfiguration } from "./ceph-configuration.ts"

const run = promisify(execFile)
const STARTED_WITHIN_MS = 120_000
const COMMAND_TIMEOUT_MS = 60_000

export type CephCluster = {
  /** The directory of its configuration and logs. */
  directory: string
  /** The address of the S3 gateway. */
  endpoint: string
  stop: () => Promise<void>
}

/** Prepares the gateway before it starts, by creating its users. */
type Prepare = (directory: string) => Promise<unknown>

/**
 * Starts a monitor, one OSD with its objects in memory and an S3 gateway, on free ports of the
 * loopback address. They end with `stop`, and when this process ends.
 */
export async function startCephCluster(prepare: Prepare): Promise<CephCluster> {
  const directory = makeFastDirectory()
  const daemons: ChildProcess[] = []
  const stop = async () => {
    await Promise.all(daemons.map(kill))
    directory.remove()
  }
  const start = (program: string, ...args: string[]) => {
    const daemon = startDaemon(directory.path, program, args)
    daemons.push(daemon)
    return daemon
  }
  try {
    const endpoint = await startInside(directory.path, start, prepare)
    return { directory: directory.path, endpoint, stop }
  } catch (error) {
    const logs = lastLines(directory.path)
    await stop()
    throw new Error(`Ceph did not start.\n${logs}`, { cause: error })
  }
}

type Start = (program: string, ...args: string[]) => ChildProcess

async function startInside(directory: string, start: Start, prepare: Prepare) {
  for (const name of ["mon", "osd", "rgw", "run", "log"]) mkdirSync(path.join(directory, name))
  const fsid = crypto.randomUUID()
  const monitor = `[v2:127.0.0.1:${await freePort()}]`
  writeFileSync(configurationOf(directory), cephConfiguration({ directory, fsid, monitor }))
  const ceph = (program: string, ...args: string[]) => runCeph(directory, program, args)
  const map = path.join(directory, "monmap")

  await ceph("monmaptool", "--create", "--fsid", fsid, "--addv", "a", monitor, map)
  await ceph("ceph-mon", "--mkfs", "-i", "a", "--monmap", map)
  start("ceph-mon", "-i", "a")

  const osd = crypto.randomUUID()
  await ceph("ceph", "osd", "new", osd)
  await ceph("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osd)
  start("ceph-osd", "-i", "0")

  await prepare(directory)
  const endpoint = `127.0.0.1:${await freePort()}`
  const gateway = start("radosgw", "-n", "client.rgw", `--rgw-frontends=beast endpoint=${endpoint}`)
  await untilAnswering(`http://${endpoint}`, gateway)
  return `http://${endpoint}`
}

const configurationOf = (directory: string) => path.join(directory, "ceph.conf")

/** Runs one of Ceph's commands on the cluster of this directory; resolves to its output. */
export async function runCeph(directory: string, program: string, args: string[]) {
  const command = [...DIES_WITH_PARENT, program, "-c", configurationOf(directory), ...args]
  const { stdout } = await run("setpriv", command, { timeout: COMMAND_TIMEOUT_MS })
  return stdout
}

function startDaemon(directory: string, program: string, args: string[]) {
  const command = [...DIES_WITH_PARENT, program, "-f", "-c", configurationOf(directory), ...args]
  // Debian's path of the OSD's object classes is relative to /usr.
  return spawn("setpriv", command, { cwd: "/usr", stdio: "ignore" })
}

// The kernel sends the signal, so it is sent even if this process was killed.
const DIES_WITH_PARENT = ["--pdeathsig", "KILL", "--"]

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  await once(server, "close")
  if (typeof address !== "object" || !address) throw new Error("no free port")
  return address.port
}

async function untilAnswering(url: string, gateway: ChildProcess) {
  const deadline = Date.now() + STARTED_WITHIN_MS
  while (Date.now() < deadline) {
    if (hasEnded(gateway)) throw new Error(`radosgw ended with ${gateway.exitCode}.`)
    try {
      await fetch(url, { signal: AbortSignal.timeout(1_000) })
      return
    } catch {
      await sleep(100)
    }
  }
  throw new Error("radosgw did not answer within two minutes.")
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) =>
  exitCode !== null || signalCode !== null

async function kill(daemon: ChildProcess) {
  if (hasEnded(daemon) || daemon.pid === undefined) return
  const exit = once(daemon, "exit")
  daemon.kill("SIGKILL")
  await exit
}

function lastLines(directory: string) {
  const logs = path.join(directory, "log")
  return readdirSync(logs)
    .map((name) => {
      const lines = readFileSync(path.join(logs, name), "utf8").trimEnd().split("\n")
      return [`── ${name}`, ...lines.slice(-10)].join("\n")
    })
    .join("\n")
}
