import type { ChildProcess } from "node:child_process"
import cluster from "node:cluster"
import path from "node:path"
import { SetupError } from "#lib/errors.ts"
import { supervise } from "./embedded/supervisor.ts"
import { createGatherer } from "./gather-metrics.ts"
import type { Started } from "./shutdown.ts"
import { type FromWebProcess, type Mounting, send } from "./web-messages.ts"

const PROGRAM = path.join(import.meta.dirname, "web-process.ts")

/** Longer than the HTTP server waits for what it has begun. */
const GRACE_MS = 45_000

type Options = {
  count: number
  mounting: Mounting
  /** Says that a process ended and is started again. */
  say: (sentence: string) => void
  started: Started
}

/**
 * Starts processes that answer HTTP and waits until each could. They take the port when `listen` is
 * called: all accept connections from one socket of the operating system, so that none passes on
 * what another answers, and one that is busy leaves new connections to the others. One that ends is
 * started again without end, each time later, and joins the others when it is healthy.
 */
export async function startWebProcesses({ count, mounting, say, started }: Options) {
  cluster.schedulingPolicy = cluster.SCHED_NONE
  cluster.setupPrimary({
    exec: PROGRAM,
    args: ["--no-env-file"], // the environment has it
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  })
  const children = new Set<ChildProcess>()
  const gatherer = createGatherer()
  let isOpen = false

  const spawn = (name: string) => {
    const child = cluster.fork().process
    children.add(child)
    gatherer.add(name, child)
    child.once("exit", () => children.delete(child))
    send(child, { type: "mount", mounting })
    return child
  }
  const untilReady = async (child: ChildProcess) => {
    await untilSaid(child, "ready")
    if (isOpen) send(child, { type: "listen" })
  }
  const starting = Array.from({ length: count }, (_, index) =>
    supervise({
      name: `Web process ${index + 1}`,
      spawn: () => spawn(String(index + 1)),
      untilReady,
      reasonOf: (_output, end) => `it ended with ${end}.`,
      restarts: Number.POSITIVE_INFINITY,
      stop: { signal: "SIGTERM", graceMs: GRACE_MS, killSignal: "SIGKILL" },
      say,
      onGivenUp: () => {},
    }),
  )
  const stop = async () => {
    for (const child of children) child.kill("SIGTERM")
    const each = await Promise.allSettled(starting)
    await Promise.all(each.map((one) => (one.status === "fulfilled" ? one.value.stop() : null)))
  }
  for (const one of starting) one.catch(() => {}) // awaited below, unless this process is ending
  await started("web processes", stop)
  await Promise.all(starting)

  return {
    /** Lets them take the port; resolves when all have. */
    async listen() {
      isOpen = true
      await Promise.all([...children].map(listenIn))
    },
  }
}

async function listenIn(child: ChildProcess) {
  const ended = new Promise<never>((_, reject) => {
    child.once("exit", () => reject(new SetupError("The web processes could not listen.")))
  })
  ended.catch(() => {}) // it also ends after it has listened
  const listening = untilSaid(child, "listening")
  send(child, { type: "listen" })
  await Promise.race([listening, ended])
}

function untilSaid(child: ChildProcess, type: FromWebProcess["type"]) {
  return new Promise<void>((resolve) => {
    const listen = (message: FromWebProcess) => {
      if (message.type !== type) return
      child.off("message", listen)
      resolve()
    }
    child.on("message", listen)
  })
}
