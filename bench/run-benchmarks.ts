import { type ChildProcess, fork } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { cpus, loadavg, tmpdir } from "node:os"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { type Result, resultTable } from "./measures.ts"

// npm run bench -- NAME [arguments] runs bench/NAME.bench.ts; npm run bench runs all parts one
// after another, each within its time limit, and prints one table.

/** The parts in their order, with their time limits and their arguments in a run of all parts. */
const PARTS: Record<string, { minutes: number; args?: number[] }> = {
  weight: { minutes: 5 },
  page: { minutes: 10 },
  start: { minutes: 15 }, // also makes the data of the next two
  click: { minutes: 20, args: [5, 2] },
  panic: { minutes: 15 }, // uses up that data
  retention: { minutes: 20 },
  "cut-off": { minutes: 10, args: [20, 1024] },
  upload: { minutes: 25 },
  download: { minutes: 15 },
  strangers: { minutes: 15 },
  teams: { minutes: 5 },
  memory: { minutes: 10 },
}

const [name] = process.argv.splice(2, 1)
if (name === undefined) await runAll()
else if (PARTS[name]) {
  const [load = 0] = loadavg()
  console.log(`${cpus().length} cores, Node ${process.version}, load ${load.toFixed(1)}`)
  await import(`./${name}.bench.ts`)
} else {
  console.error(`There is no such part: npm run bench -- ${Object.keys(PARTS).join(" | ")}`)
  process.exit(1)
}

async function runAll() {
  // The directory for the parts' files, including those that an interrupted part left.
  const directory = mkdtempSync(path.join(tmpdir(), "lapse-bench-"))
  const end = endOnSignal()
  const measures: Result[] = []
  const errors: string[] = []
  try {
    for (const [part, limits] of Object.entries(PARTS)) {
      const error = await runPart({ part, ...limits, directory, end, measures })
      if (error) errors.push(`${part}: ${error}`)
      if (end.signal.aborted) break
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
  console.log(`\n${resultTable(measures)}`)
  for (const error of errors) console.log(error)
  if (errors.length > 0) process.exitCode = 1
}

type Run = {
  part: string
  minutes: number
  args?: number[]
  directory: string
  end: AbortController
  measures: Result[]
}

/**
 * Runs a part as a separate process group, which is ended when its time is over, and adds its
 * measures. Returns why it ended without all of them, or null.
 */
async function runPart({ part, minutes, args = [], directory, end, measures }: Run) {
  console.log(`\n# ${part}\n`)
  const child = fork(import.meta.filename, [part, ...args.map(String)], {
    detached: true,
    env: { ...process.env, TMPDIR: directory, LAPSE_BENCH_DATA: path.join(directory, "data") },
  })
  child.on("message", (results: Result[]) => measures.push(...results))
  const over = AbortSignal.any([end.signal, AbortSignal.timeout(minutes * 6e4)])
  const error = await endOf(child, over)
  if (error !== "ended") return error
  return end.signal.aborted ? "was ended" : `was ended after ${minutes} minutes`
}

async function endOf(child: ChildProcess, over: AbortSignal): Promise<string | null> {
  const group = -(child.pid ?? 0)
  const exit = new Promise<string | null>((resolve) => {
    child.once("exit", (code, signal) =>
      resolve(code === 0 ? null : `ended with ${signal ?? code}`),
    )
  })
  const timeUp = new Promise<string>((resolve) => {
    over.addEventListener("abort", () => resolve("ended"), { once: true })
  })
  const error = await Promise.race([exit, timeUp])
  // Apps stop in order; those that do not are killed.
  for (const [signal, seconds] of [["SIGTERM", 30] as const, ["SIGKILL", 5] as const]) {
    for (let wait = 0; wait < seconds * 10 && sendTo(group, wait === 0 ? signal : 0); wait++) {
      await sleep(100)
    }
  }
  return error
}

/** Sends a signal to the group; false if no process is left in it. */
function sendTo(group: number, signal: NodeJS.Signals | 0) {
  try {
    return process.kill(group, signal)
  } catch {
    return false
  }
}

function endOnSignal() {
  const end = new AbortController()
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      process.exitCode = 1
      end.abort()
    })
  }
  return end
}
