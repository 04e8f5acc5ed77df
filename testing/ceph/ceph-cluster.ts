import { type ChildProcess, execFile } from "node:child_process"
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import path from "node:path"
import { promisify } from "node:util"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import {
  DIES_WITH_PARENT,
  freePort,
  killDaemon,
  startDaemon,
  untilAnswering,
} from "#testing/programs/daemons.ts"
import { cephConfiguration } from "./ceph-configuration.ts"

const run = promisify(execFile)
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
    await Promise.all(daemons.map(killDaemon))
    directory.remove()
  }
  const start = (program: string, ...args: string[]) => {
    const configured = ["-f", "-c", configurationOf(directory.path), ...args]
    // Debian's path of the OSD's object classes is relative to /usr.
    const daemon = startDaemon(program, configured, { cwd: "/usr" })
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

function lastLines(directory: string) {
  const logs = path.join(directory, "log")
  return readdirSync(logs)
    .map((name) => {
      const lines = readFileSync(path.join(logs, name), "utf8").trimEnd().split("\n")
      return [`── ${name}`, ...lines.slice(-10)].join("\n")
    })
    .join("\n")
}
