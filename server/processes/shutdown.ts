import { SetupError } from "#lib/adapters/errors.ts"
import { explainFailure } from "#server/checks/explain-failure.ts"

/** Parts are stopped in this order, dependants first. */
const STOP_ORDER = [
  "http server", // uses all parts below
  "web processes", // use all parts below
  "jobs",
  "backups",
  "watch", // queries the database and the object store
  "old links", // queries the database
  "visitor", // in development, watches its sources
  "next",
  "connections", // of this process to the database
  "object store",
  "database",
  "running marker", // in the data directory
] as const

type Part = (typeof STOP_ORDER)[number]

/** Registers how a part is stopped. Never returns if the process is ending. */
export type Started = (part: Part, stopPart: () => unknown) => Promise<void>

// A Ctrl-C in the terminal and npm's forwarding of it arrive as two signals within this time.
const SAME_PRESS_MS = 700
const LIMIT_MS = 90_000

const sayUnstarted = () => console.log("Lapse was stopped before it had started.")

/**
 * Ends this process on a signal, an uncaught error or the end of its parent, after all started
 * parts have stopped. A second signal ends it at once. `onUnstarted` is called if a signal comes
 * before the start has finished.
 */
export function createShutdown(onEnd: () => void, onUnstarted = sayUnstarted) {
  const running = new Map<Part, () => unknown>()
  let ending: Promise<never> | undefined
  let signalledAt = 0
  let isStarting = true

  const stop = async (part: Part) => {
    try {
      await running.get(part)?.()
    } catch (error) {
      console.error(`Stopping the ${part}:`, error)
    }
  }

  const stopAll = async (code: number): Promise<never> => {
    onEnd()
    setTimeout(() => process.exit(code || 1), LIMIT_MS).unref()
    for (const part of STOP_ORDER) await stop(part)
    process.exit(code)
  }

  const end = (code: number) => {
    ending ??= stopAll(code)
  }

  const fail = (error: unknown) => {
    // A part that is being stopped causes errors in the parts that still use it.
    if (ending) return
    onEnd()
    const reason = isStarting ? explainFailure(error) : error
    console.error(reason instanceof SetupError ? reason.message : reason)
    end(1)
  }

  const onSignal = () => {
    if (!ending) {
      signalledAt = Date.now()
      end(0)
      if (isStarting) onUnstarted()
    } else if (Date.now() - signalledAt > SAME_PRESS_MS) {
      process.exit(130)
    }
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal)
  process.on("disconnect", () => end(0)) // the parent has ended, perhaps by kill -9
  process.on("uncaughtException", fail)

  const started: Started = async (part, stopPart) => {
    running.set(part, stopPart)
    if (!ending) return
    await stop(part)
    await ending
  }

  return {
    /** Prints an error, a SetupError without its stack, and ends with exit code 1. */
    fail,
    /** Marks the start as complete: outages are then waited out, and other errors are bugs. */
    ready() {
      isStarting = false
    },
    started,
  }
}
