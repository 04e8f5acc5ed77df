import type { SendHandle } from "node:child_process"
import { once } from "node:events"
import net from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import { SetupError } from "#lib/adapters/errors.ts"
import { gatherMetricsBy, metrics, readCounts } from "#lib/adapters/monitoring/metrics.ts"
import type { ProcessMetrics } from "#lib/adapters/monitoring/sum-metrics.ts"
import { inTime } from "#lib/adapters/outages/in-time.ts"
import { madeFrom } from "#lib/adapters/version.ts"
import { readServerConfiguration } from "#server/configuration/derive-configuration.ts"
import { createHttpServer } from "#server/http/http-server.ts"
import { mountApp } from "#server/http/mount-app.ts"
import { createShutdown } from "#server/processes/shutdown.ts"
import type { FromWebProcess, Mounting, ToWebProcess } from "#server/processes/web-messages.ts"

// A process that answers HTTP, started by web-processes.ts. It reads the settings and the values
// derived from them from its environment.

/** Waits until the server at an origin reports that it is healthy, for at most a minute. */
async function untilHealthy(origin: string) {
  const deadline = Date.now() + 60_000
  let answer = ""
  while (Date.now() < deadline) {
    const response = await fetch(`${origin}/api/health`, {
      headers: { connection: "close" },
    }).catch((error: Error) => error)
    answer = response instanceof Response ? await response.text() : response.message
    if (response instanceof Response && (response.ok || serves(answer))) return
    await sleep(200)
  }
  throw new SetupError(`Lapse started and did not become healthy within a minute: ${answer}`)
}

/** Whether a health answer means that requests are served, even if only revocations. */
const serves = (answer: string) =>
  answer.includes('"database":"ok"') && answer.includes('"storage":"ok"')

const { started, fail, ready } = createShutdown(
  () => {},
  () => {}, // the parent prints that Lapse was stopped
)
const tell = (message: FromWebProcess, socket?: SendHandle) =>
  process.send?.(message, socket, {}, () => {})

// Next is most of the code to load; it loads while the main process starts the database.
import("next").catch(() => {}) // mountApp throws the error

async function start({ build, embedsDatabase, embedsStore, commit }: Mounting) {
  madeFrom().commit = commit
  const server = readServerConfiguration()
  const { dataDirectory } = server
  const http = createHttpServer(server, { dev: build === null })
  await started("http server", () => http.close())
  const { disconnect } = await import("#lib/adapters/database.ts")
  await started("connections", disconnect)
  const { watchHost } = await import("#lib/adapters/watch/watch-host.ts")
  const watched = { directory: dataDirectory, takesUploads: embedsStore, keepsBallast: false }
  const watch = await watchHost(embedsDatabase || embedsStore ? watched : null)
  await started("watch", watch.stop)
  const { watchOldLinks } = await import("#lib/rooms/claims/old-links/known-old-links.ts")
  await started("old links", (await watchOldLinks()).stop)
  const { usableColours } = await import("#lib/rooms/files/objects/colours.ts")
  await usableColours()
  await mountApp({ server, http, build, started })
  await untilHealthyItself(http)
  return http
}

/** Waits until this process is healthy, independently of the others that share its port. */
async function untilHealthyItself({ server }: ReturnType<typeof createHttpServer>) {
  const listener = net.createServer((socket) => server.emit("connection", socket))
  listener.listen({ host: "127.0.0.1", port: 0 })
  await once(listener, "listening")
  const address = listener.address()
  const port = typeof address === "object" && address ? address.port : 0
  await untilHealthy(`http://127.0.0.1:${port}`).finally(() => listener.close())
}

const GATHER_MS = 5_000
const gathering = new Map<number, (processes: ProcessMetrics[]) => void>()
let lastGathering = 0

/** Asks the parent, which asks all processes. */
gatherMetricsBy(() => {
  const id = ++lastGathering
  const { promise, resolve } = Promise.withResolvers<ProcessMetrics[]>()
  gathering.set(id, resolve)
  tell({ type: "gather", id })
  return inTime(promise, GATHER_MS).finally(() => gathering.delete(id))
})

const copies: SendHandle[] = []
let http: Promise<ReturnType<typeof createHttpServer>> | undefined

process.on("message", async (message: ToWebProcess, socket: SendHandle) => {
  try {
    if (message.type === "socket") {
      copies.push(socket)
      if (copies.length === 1) tell({ type: "socket" }, socket)
    } else if (message.type === "mount") {
      http = start(message.mounting)
      await http
      tell({ type: "ready" })
    } else if (message.type === "accept") {
      const { accept } = (await http) ?? {}
      accept?.(copies)
      ready()
    } else if (message.type === "gathered") {
      gathering.get(message.id)?.(message.processes)
    } else if (message.type === "count") {
      const { id, what } = message
      const counted = what === "all" ? metrics().registry.getMetricsAsJSON() : readCounts()
      tell({ type: "counted", id, metrics: await counted })
    }
  } catch (error) {
    fail(error)
  }
})
