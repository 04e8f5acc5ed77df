import http from "node:http"
import net from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import { expect } from "../../fixtures.ts"
import { test } from "../../installation/own-installation.ts"
import { WEB_PROCESS } from "../../installation/start-installation.ts"

const HELD_MS = 4_000
/** Flood and newcomers share the machine with the app. Without the bound it is 10 to 48 s. */
const LONGEST_MS = 2_000
const LINK = "/s/0123456789abcdef0123456789abcdef"

const KINDS = {
  "of a link": (host: string) => `GET ${LINK} HTTP/1.1\r\n${host}\r\n`,
  "without a Host": () => "GET / HTTP/1.1\r\n\r\n",
  "with an unknown Expect": (host: string) => `GET / HTTP/1.1\r\n${host}Expect: x\r\n\r\n`,
  "with bodies": (host: string) =>
    `POST ${LINK}/claim HTTP/1.1\r\n${host}Content-Length: 2\r\n\r\n{}`,
}

/** Writes all requests of each connection at once, and closes the connections after 4 s. */
async function flood(url: string, request: string, [connections, each]: [number, number]) {
  const { port } = new URL(url)
  const bytes = Buffer.from(request.repeat(each))
  const sockets = Array.from({ length: connections }, () => {
    const socket = net.connect({ port: Number(port), host: "127.0.0.1", localAddress: "127.0.0.5" })
    return socket.on("error", () => {}).once("connect", () => socket.write(bytes))
  })
  await sleep(HELD_MS)
  for (const socket of sockets) socket.destroy()
}

/** The milliseconds until an answer on a new connection of another address. */
function ask(url: string) {
  const asked = performance.now()
  return new Promise<number>((resolve, reject) => {
    const options = { agent: false, family: 4, localAddress: "127.0.0.6" }
    http
      .get(url, options, (answer) => {
        answer.resume().once("end", () => resolve(performance.now() - asked))
      })
      .once("error", reject)
  })
}

/** Asks until the work is done; returns the longest wait. */
async function longestWait(url: string, work: Promise<unknown>) {
  let isDone = false
  const done = work.finally(() => {
    isDone = true
  })
  let longest = 0
  while (!isDone) {
    longest = Math.max(longest, await ask(url))
    await sleep(20)
  }
  await done
  return longest
}

for (const processes of [1, 2]) {
  test.describe(`with ${processes} web processes`, () => {
    test.use({ settings: { WEB_PROCESSES: String(processes) } })

    test("pipelined floods of one address end no process and keep nobody waiting", async ({
      own,
      member,
    }) => {
      test.setTimeout(240_000)
      const before = own.processes(WEB_PROCESS)
      const waits: Record<string, number> = {}
      for (const [kind, requestOf] of Object.entries(KINDS)) {
        const sizes: [number, number][] = [
          [100, 800],
          [300, 1_300],
        ]
        for (const size of sizes) {
          for (const [name, url] of [
            ["web", own.url],
            ["store", own.storeUrl],
          ] as const) {
            const flooding = flood(url, requestOf(`Host: ${new URL(url).host}\r\n`), size)
            const live = name === "web" ? `${url}/api/live` : url
            waits[`${name}, ${size.join(" × ")} ${kind}`] = await longestWait(live, flooding)
          }
        }
      }
      for (const [what, ms] of Object.entries(waits)) console.log(`${what}: ${Math.round(ms)} ms`)
      expect(own.processes(WEB_PROCESS)).toEqual(before)
      expect(Math.max(...Object.values(waits))).toBeLessThan(LONGEST_MS)

      // While no web process serves, the main process gets the flood.
      const [main] = own.processes(/server\/start\.ts/)
      const flooding = flood(own.url, KINDS["without a Host"](), [300, 1_300])
      await own.crash("web")
      expect(await longestWait(`${own.url}/api/live`, flooding)).toBeLessThan(LONGEST_MS)
      expect(own.processes(/server\/start\.ts/)).toEqual([main])
      await expect.poll(async () => (await member.get("/shares")).status()).toBe(200)
    })
  })
}
