import { type ChildProcess, fork } from "node:child_process"
import path from "node:path"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"
import { supervise } from "#server/embedded/supervisor.ts"
import { heapOptions } from "#server/processes/memory-limit.mjs"
import type { SharedPort } from "#server/processes/shared-port.ts"
import type { Started } from "#server/processes/shutdown.ts"
import { type FromWebProcess, type Mounting, send } from "#server/processes/web-messages.ts"
import { createGatherer } from "#server/web/gather-metrics.ts"

const PROGRAM = path.join(import.meta.dirname, "web-process.ts")

/** Longer than the HTTP server waits for open requests. */
const GRACE_MS = 45_000

type Options = {
  count: number
  port: SharedPort
  /** Prints that a process ended and is started again. */
  say: (sentence: string) => void
  started: Started
  program?: string
}

/**
 * Starts processes that answer HTTP. All accept connections from one socket of the operating
 * system. No process forwards answers of another, and a busy one leaves new connections to the
 * others. Each accepts as soon as it is healthy. A process that ends is started again without
 * limit, each time after a longer wait.
 */
export async function startWebProcesses(options: Options) {
  const { count, port, say, started, program = PROGRAM } = options
  const children = new Set<ChildProcess>()
  const serving = new Set<ChildProcess>()
  const gatherer = createGatherer()
  const mounting = Promise.withResolvers<Mounting>()

  const spawn = (name: string) => {
    const child = fork(program, ["--no-env-file"], {
      execArgv: [...process.execArgv, ...heapOptions(undefined, process.env.NODE_OPTIONS)],
      // the environment already has the file's settings
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    })
    children.add(child)
    gatherer.add(name, child)
    child.once("exit", () => {
      children.delete(child)
      serving.delete(child)
      if (serving.size === 0) port.answer()
    })
    port.share(child, count)
    mounting.promise.then((what) => send(child, { type: "mount", mounting: what }))
    return child
  }
  const untilServing = async (child: ChildProcess) => {
    await untilReady(child)
    serving.add(child)
    port.leave()
    send(child, { type: "accept" })
  }
  const superviseOne = (name: string) => {
    let starts = 0
    return supervise({
      name: `Web process ${name}`,
      spawn() {
        if (starts++ > 0) metrics().webRestarts.inc()
        return spawn(name)
      },
      untilReady: untilServing,
      reasonOf: (_output, end) => `it ended with ${end}.`,
      restarts: Number.POSITIVE_INFINITY,
      stop: { signal: "SIGTERM", graceMs: GRACE_MS, killSignal: "SIGKILL" },
      say,
      onGivenUp: () => {},
    })
  }
  const starting = Array.from({ length: count }, (_, index) => superviseOne(String(index + 1)))
  for (const one of starting) one.catch(() => {}) // awaited below, unless this process is ending
  await started("web processes", async () => {
    for (const child of children) child.kill("SIGTERM")
    const each = await Promise.allSettled(starting)
    await Promise.all(each.map((one) => (one.status === "fulfilled" ? one.value.stop() : null)))
  })

  return {
    /** Tells the processes to load the app; resolves when all serve. */
    async mount(what: Mounting) {
      mounting.resolve(what)
      await Promise.all(starting)
    },
  }
}

function untilReady(child: ChildProcess) {
  return new Promise<void>((resolve) => {
    child.on("message", ({ type }: FromWebProcess) => {
      if (type === "ready") resolve()
    })
  })
}
