import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"

// Servers of other projects that tests run as plain processes.

const STARTED_WITHIN_MS = 120_000

/** The kernel sends the signal, so it is sent even if this process was killed. */
export const DIES_WITH_PARENT = ["--pdeathsig", "KILL", "--"]

/** Starts a program that ends with this process. */
export const startDaemon = (program: string, args: string[], options: SpawnOptions = {}) =>
  spawn("setpriv", [...DIES_WITH_PARENT, program, ...args], { stdio: "ignore", ...options })

/** A port of the loopback address that nothing listens on. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  await once(server, "close")
  if (typeof address !== "object" || !address) throw new Error("no free port")
  return address.port
}

/** Waits until a daemon answers at this address, whatever the answer is. */
export async function untilAnswering(url: string, daemon: ChildProcess) {
  const deadline = Date.now() + STARTED_WITHIN_MS
  while (Date.now() < deadline) {
    if (hasEnded(daemon)) throw new Error(`${daemon.spawnargs[4]} ended with ${daemon.exitCode}.`)
    try {
      await fetch(url, { signal: AbortSignal.timeout(1_000) })
      return
    } catch {
      await sleep(100)
    }
  }
  throw new Error(`${daemon.spawnargs[4]} did not answer within two minutes.`)
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) =>
  exitCode !== null || signalCode !== null

export async function killDaemon(daemon: ChildProcess) {
  if (hasEnded(daemon) || daemon.pid === undefined) return
  const exit = once(daemon, "exit")
  daemon.kill("SIGKILL")
  await exit
}
