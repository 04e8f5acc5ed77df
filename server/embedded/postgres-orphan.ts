import { execFileSync } from "node:child_process"
import fs from "node:fs"
import { connect } from "node:net"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { SetupError } from "#lib/adapters/errors.ts"

/**
 * Stops the server that an earlier run left on the cluster after `kill -9`, and removes a stale pid
 * file, whose number may belong to another process by now.
 */
export async function stopOrphan(cluster: string, socket: string, say: (line: string) => void) {
  const pidFile = path.join(cluster, "postmaster.pid")
  const socketFile = path.join(socket, ".s.PGSQL.5432")
  const pid = readPid(pidFile)
  if (pid > 0 && isServerOf(pid, cluster)) {
    say("Stopping the database that an earlier run left behind")
    process.kill(pid, "SIGINT")
    for (let waited = 0; isServerOf(pid, cluster); waited += 50) {
      if (waited === 30_000) process.kill(pid, "SIGQUIT")
      await sleep(50)
    }
  }
  // The pid of a server in another container means nothing here, but its socket answers.
  for (let waited = 0; await accepts(socketFile); waited += 200) {
    if (waited >= 20_000) {
      throw new SetupError(
        `Another database server is running on ${cluster}, perhaps in another container: stop it, or set LAPSE_DATA_DIR to another directory.`,
      )
    }
    await sleep(200)
  }
  // PostgreSQL treats these files as valid while any process has their pid, even a zombie.
  for (const stale of [pidFile, `${socketFile}.lock`]) fs.rmSync(stale, { force: true })
}

function readPid(file: string) {
  return Number(fs.existsSync(file) && fs.readFileSync(file, "utf8").split("\n")[0])
}

function isServerOf(pid: number, cluster: string) {
  if (process.platform !== "linux") {
    try {
      const line = execFileSync("ps", ["-p", String(pid), "-o", "command="], { encoding: "utf8" })
      return line.includes("postgres") && line.includes(cluster)
    } catch {
      return false
    }
  }
  try {
    const here = fs.statSync(cluster)
    const there = fs.statSync(`/proc/${pid}/cwd`)
    const program = path.basename(fs.readlinkSync(`/proc/${pid}/exe`))
    return here.ino === there.ino && here.dev === there.dev && program.startsWith("postgres")
  } catch {
    return false // it has ended, or belongs to a user that cannot own this cluster
  }
}

/** Whether a server accepts connections on this Unix socket. */
function accepts(socketFile: string) {
  return new Promise<boolean>((resolve) => {
    const connection = connect(socketFile)
    connection.once("error", () => resolve(false))
    connection.once("connect", () => {
      connection.destroy()
      resolve(true)
    })
  })
}
