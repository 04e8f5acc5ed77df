import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import fs from "node:fs"
import net from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { freePort } from "#testing/programs/daemons.ts"
import type { TakenMail } from "./mail-server.ts"

/**
 * Why OpenSMTPD cannot be started, or null. It has fixed paths for its queue and its socket, so it
 * runs with separate directories mounted there, which takes root.
 */
export function whyNoOpenSmtpd(): string | null {
  const { stderr } = spawnSync("smtpd", ["-h"], { encoding: "utf8" })
  if (!stderr?.includes("OpenSMTPD")) return "Debian's package opensmtpd is not on this machine"
  const alone = spawnSync("unshare", ["--mount", "true"])
  return alone.status === 0 ? null : "only root may give OpenSMTPD directories of its own"
}

/** The only user and password of its encrypted ports. */
export const LOGIN = { user: "lapse", password: "right:/@" }

/**
 * Starts an OpenSMTPD on free ports of this machine, beside the system's own. It only takes mail to
 * example.org, and asks senders to busy@example.org to try again later.
 */
export async function startOpenSmtpd() {
  const directory = fs.mkdtempSync(path.join(tmpdir(), "lapse-smtpd-"))
  const file = (name: string) => path.join(directory, name)
  fs.chmodSync(directory, 0o711)
  fs.mkdirSync(file("mail"))
  fs.chmodSync(file("mail"), 0o777)
  for (const name of ["localhost.pem", "localhost.key.pem"]) {
    fs.copyFileSync(path.join(import.meta.dirname, "certificates", name), file(name))
    fs.chmodSync(file(name), 0o600)
  }
  const hash = spawnSync("smtpctl", ["encrypt", LOGIN.password], { encoding: "utf8" }).stdout.trim()
  const ports = { starttls: await freePort(), tls: await freePort(), none: await freePort() }
  const secured = "pki localhost auth <people> hostname localhost"
  fs.writeFileSync(
    file("smtpd.conf"),
    `pki localhost cert "${file("localhost.pem")}"
pki localhost key "${file("localhost.key.pem")}"
table people { "${LOGIN.user}" = "${hash}" }
table busy { "busy@example.org" }
table everyone { "@" = nobody }
filter busy phase rcpt-to match rcpt-to <busy> reject "451 4.7.1 Come back later"
listen on 127.0.0.1 port ${ports.starttls} tls-require ${secured} filter busy
listen on 127.0.0.1 port ${ports.tls} smtps ${secured}
listen on 127.0.0.1 port ${ports.none} hostname localhost filter busy
action keep maildir "${file("mail")}/%{rcpt.user:lowercase}" user nobody virtual <everyone>
match from any for domain "example.org" action keep
`,
  )
  const mounts = ["/var/spool", "/run"].map((place) => `mount -t tmpfs -o mode=755 tmpfs ${place}`)
  const script = [...mounts, `exec smtpd -d -f ${file("smtpd.conf")}`].join(" && ")
  const child = spawn("unshare", ["--mount", "sh", "-c", script], {
    detached: true, // its processes are a group, which is stopped and ended as one
    stdio: ["ignore", "ignore", fs.openSync(file("log"), "w")],
  })
  const signal = (name: NodeJS.Signals) => process.kill(-(child.pid ?? 0), name)
  const [ended] = [once(child, "exit")]
  for (let tries = 0; !(await answers(ports.none)); tries++) {
    if (tries > 100 || child.exitCode !== null)
      throw new Error(fs.readFileSync(file("log"), "utf8"))
    await sleep(50)
  }
  return {
    ports,
    /** Freezes it: it accepts connections and sends nothing. */
    freeze: () => signal("SIGSTOP"),
    thaw: () => signal("SIGCONT"),
    /** Waits for this number of mails to this user of example.org, and returns all of them. */
    async mailsTo(user: string, count: number): Promise<TakenMail[]> {
      const folder = file(`mail/${user}/new`)
      const names = () => (fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [])
      for (let tries = 0; names().length < count && tries < 200; tries++) await sleep(50)
      return names().map((name) => {
        const raw = fs.readFileSync(path.join(folder, name), "utf8").replaceAll("\n", "\r\n")
        return { from: "", to: [`${user}@example.org`], raw, encrypted: false }
      })
    },
    async close() {
      signal("SIGCONT")
      signal("SIGTERM")
      await ended
      fs.rmSync(directory, { recursive: true })
    },
  }
}

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = net.connect({ port, host: "127.0.0.1" })
    socket.on("error", () => resolve(false))
    socket.on("data", () => {
      socket.destroy()
      resolve(true)
    })
  })
