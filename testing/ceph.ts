import { type ChildProcess, execFile, spawn } from "node:child_process"
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { promisify } from "node:util"

const run = promisify(execFile)

const ACCESS_KEY_ID = "lapse-test-access"
const SECRET_ACCESS_KEY = "lapse-test-secret-key-of-some-length"

/** Ceph's S3 gateway: a second, strict store for tests. */
export type Ceph = {
  endpoint: string
  accessKeyId: string
  secretAccessKey: string
  stop(): Promise<void>
}

/**
 * Starts the gateway without a Ceph cluster, on a free port and empty. Needs Debian's `radosgw`.
 */
export async function startCeph(): Promise<Ceph> {
  const directory = await mkdtemp(join(tmpdir(), "lapse-ceph-"))
  const port = await freePort()
  const conf = join(directory, "ceph.conf")
  await mkdir(join(directory, "db"))
  await writeFile(conf, configuration(directory, port))
  const shared = ["-c", conf, "-n", "client.rgw", "--no-mon-config"]
  await run("radosgw-admin", [
    ...shared,
    ...["user", "create", "--uid=lapse", "--display-name=Lapse"],
    ...[`--access-key=${ACCESS_KEY_ID}`, `--secret-key=${SECRET_ACCESS_KEY}`],
  ])
  const gateway = spawn("radosgw", [...shared, "-f"], { stdio: "ignore" })
  const stop = async () => {
    await end(gateway)
    await rm(directory, { recursive: true, force: true })
  }
  try {
    await untilAnswering(port, gateway)
  } catch (error) {
    await stop()
    throw error
  }
  const endpoint = `http://127.0.0.1:${port}`
  return { endpoint, accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET_ACCESS_KEY, stop }
}

function configuration(directory: string, port: number) {
  return `[global]
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
run_dir = ${directory}
log_file = ${directory}/ceph.log
admin_socket = ${directory}/$name.asok
[client.rgw]
rgw_backend_store = dbstore
rgw_config_store = dbstore
dbstore_db_dir = ${directory}/db
dbstore_config_uri = file:${directory}/config.db
rgw_frontends = beast endpoint=127.0.0.1:${port}
`
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1")
  await new Promise((resolve) => server.once("listening", resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (typeof address !== "object" || !address) throw new Error("no free port")
  return address.port
}

async function untilAnswering(port: number, gateway: ChildProcess) {
  const deadline = Date.now() + 60_000
  while (Date.now() < deadline) {
    if (gateway.exitCode !== null) throw new Error(`radosgw ended with code ${gateway.exitCode}`)
    try {
      await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(1_000) })
      return
    } catch {
      await sleep(200)
    }
  }
  throw new Error("radosgw did not answer within a minute")
}

async function end(gateway: ChildProcess) {
  if (gateway.exitCode !== null || gateway.signalCode !== null) return
  const exit = new Promise((resolve) => gateway.once("exit", resolve))
  gateway.kill("SIGTERM")
  const killTimer = setTimeout(() => gateway.kill("SIGKILL"), 5_000)
  await exit
  clearTimeout(killTimer)
}
