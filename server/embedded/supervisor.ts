import type { ChildProcess } from "node:child_process"
import { setTimeout as sleep } from "node:timers/promises"
import { SetupError } from "#lib/adapters/errors.ts"

const OUTPUT_CHARACTERS = 4000
const BACKOFF_MS = 200
const LONGEST_BACKOFF_MS = 30_000
/** After a server has run this long, its end does not count as a failed start. */
const STEADY_MS = 60_000
const WAIT_MS = 5_000
const SENTENCE_MS = 60_000

export type SupervisedServer = {
  /** The name at the start of a sentence, such as "The database". */
  name: string
  spawn: () => ChildProcess
  /** Resolves when the server accepts requests. The signal aborts when the process ends. */
  untilReady: (child: ChildProcess, ended: AbortSignal) => Promise<void>
  /** Derives why a start failed from the last output on stderr and how the process ended. */
  reasonOf: (output: string, end: string) => string
  /**
   * Returns a message if a start failed because something is temporarily missing. Starts, even the
   * first one, are then retried without limit, and the message is logged once a minute.
   */
  waitsFor?: (output: string) => string | null
  /** The pause between starts while the server waits. The default is 5 seconds. */
  waitMs?: number
  /** The number of failed starts in a row after which the supervisor gives up. */
  restarts: number
  stop: { signal: NodeJS.Signals; graceMs: number; killSignal: NodeJS.Signals }
  say: (line: string) => void
  onOutput?: (text: string) => void
  /** Called if the server died and could not be started again. */
  onGivenUp: (error: unknown) => void
}

export type Supervisor = { pid: () => number | undefined; stop: () => Promise<void> }

/** A start failed because something is temporarily missing. */
class Waiting extends SetupError {
  readonly sentence: string

  constructor(message: string, sentence: string) {
    super(message)
    this.sentence = sentence
  }
}

/**
 * Starts a server as a child process and, if its process ends unexpectedly, starts it again, each
 * time after a longer wait. Throws a SetupError if the first start fails, unless the server waits.
 */
export async function supervise(server: SupervisedServer): Promise<Supervisor> {
  const { name, restarts, say, onGivenUp } = server
  let child: ChildProcess | undefined
  let isStopping = false
  /** The number of times in a row that the server ended soon after it had started. */
  let quickEnds = 0

  const attempt = async () => {
    child = server.spawn()
    await untilStarted(child, server)
    const startedAt = performance.now()
    child.once("exit", () => {
      if (isStopping) return
      quickEnds = performance.now() - startedAt < STEADY_MS ? quickEnds + 1 : 1
      void restart()
    })
  }

  /** Starts the server, and retries while it waits for something. */
  const launch = async () => {
    let saidAt = Number.NEGATIVE_INFINITY
    while (!isStopping) {
      try {
        return await attempt()
      } catch (error) {
        if (!(error instanceof Waiting)) throw error
        if (isStopping) return
        if (performance.now() - saidAt >= SENTENCE_MS) {
          saidAt = performance.now()
          say(error.sentence)
        }
        await sleep(server.waitMs ?? WAIT_MS)
      }
    }
  }

  const restart = async () => {
    say(`${name} stopped unexpectedly and is started again`)
    await sleep(pause((quickEnds - 1) ** 2))
    for (let count = 1; !isStopping; count++) {
      try {
        return await launch()
      } catch (error) {
        if (isStopping) return
        if (count === restarts) return onGivenUp(error)
        await sleep(pause(count))
      }
    }
  }

  await launch()
  return {
    pid: () => child?.pid,
    /** Asks the process to end and kills it after the grace period. */
    async stop() {
      isStopping = true
      if (child) await stopProcess(child, server.stop)
    },
  }
}

const pause = (count: number) => Math.min(LONGEST_BACKOFF_MS, count * BACKOFF_MS)

async function untilStarted(child: ChildProcess, server: SupervisedServer) {
  const { name, untilReady, reasonOf, waitsFor, onOutput } = server
  let output = ""
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    output = (output + text).slice(-OUTPUT_CHARACTERS)
    onOutput?.(text)
  })
  const ended = new AbortController()
  const failed = new Promise<never>((_, reject) => {
    const fail = (reason: string) => {
      ended.abort()
      const message = `${name} did not start: ${reason}`
      const sentence = waitsFor?.(output)
      reject(sentence ? new Waiting(message, sentence) : new SetupError(message))
    }
    child.once("error", ({ message }) => fail(`${message}.`))
    child.once("exit", (code, signal) => fail(reasonOf(output, signal ?? String(code))))
  })
  failed.catch(() => {}) // it is also rejected when the process ends later
  await Promise.race([untilReady(child, ended.signal), failed])
}

async function stopProcess(
  child: ChildProcess,
  { signal, graceMs, killSignal }: SupervisedServer["stop"],
) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise((resolve) => child.once("exit", resolve))
  child.kill(signal)
  const timer = setTimeout(() => child.kill(killSignal), graceMs)
  await exited
  clearTimeout(timer)
}
