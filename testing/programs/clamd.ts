import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import net from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { freePort, killDaemon, startDaemon } from "./daemons.ts"
import { findProgram, runs } from "./find-program.ts"

// ClamAV's scanner, with one signature: that of the EICAR test file.

const PROGRAM = findProgram(["clamd"]) ?? ["/usr/sbin/clamd"].find(runs)

/** Whether this machine has clamd, of Debian's package clamav-daemon. */
export const hasClamd = PROGRAM !== undefined

/** The EICAR test file, which every scanner reports. */
export const EICAR = [
  "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR",
  "-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
].join("")

/** How clamd names it. */
export const FOUND = "Lapse.Test.EICAR.UNOFFICIAL"

/** Starts clamd on a free port, or on this one. It takes streams of 5 MB, and unpacks 10 MB. */
export async function startClamd(wanted?: number) {
  const port = wanted ?? (await freePort())
  const directory = mkdtempSync(path.join(tmpdir(), "lapse-clamd-"))
  const file = (name: string) => path.join(directory, name)
  for (const name of ["db", "tmp"]) mkdirSync(file(name))
  writeFileSync(file("db/test.ndb"), `Lapse.Test.EICAR:0:0:${Buffer.from(EICAR).toString("hex")}\n`)
  writeFileSync(
    file("clamd.conf"),
    `Foreground yes
TCPSocket ${port}
TCPAddr 127.0.0.1
DatabaseDirectory ${file("db")}
TemporaryDirectory ${file("tmp")}
StreamMaxLength 5M
MaxScanSize 10M
MaxFileSize 10M
AlertExceedsMax yes
SelfCheck 0
`,
  )
  const child = startDaemon(PROGRAM ?? "", ["-c", file("clamd.conf")])
  for (let tries = 0; !(await answers(port)); tries++) {
    if (tries > 600 || child.exitCode !== null) throw new Error("clamd did not start.")
    await sleep(50)
  }
  return {
    address: { host: "127.0.0.1", port },
    pid: child.pid ?? 0,
    async stop() {
      await killDaemon(child)
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = net.connect(port, "127.0.0.1", () => socket.end("zPING\0"))
    socket.on("data", (bytes) => resolve(String(bytes) === "PONG\0"))
    socket.on("error", () => resolve(false))
    socket.on("close", () => resolve(false))
  })

/** Starts a server that treats each connection so, in place of clamd. */
export async function startFalseClamd(treat: (socket: net.Socket) => void) {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on("error", () => {})
    treat(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as net.AddressInfo
  return {
    address: { host: "127.0.0.1", port },
    stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
