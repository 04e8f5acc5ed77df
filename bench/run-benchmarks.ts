import { type ChildProcess, fork } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { cpus, loadavg, tmpdir, totalmem } from "node:os"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { MIB } from "./figures.ts"
import { type Result, resultTable } from "./measures.ts"

// npm run bench -- NAME [arguments] runs bench/NAME.bench.ts; npm run bench runs all parts one
// after another, each within its time limit, prints one table and writes results/latest.json.

/** The parts in their order, with their time limits and their arguments in a run of all parts. */
const PARTS: Record<string, { minutes: number; args?: number[] }> = {
  islands: { minutes: 2 },
  weight: { minutes: 5 },
  inp: { minutes: 3 },
  click: { minutes: 10, args: [5, 2] },
  page: { minutes: 10 },
  start: { minutes: 15 }, // also makes the data of the next three
  "click-large": { minutes: 10 },
  lists: { minutes: 10 },
  panic: { minutes: 15 }, // uses up that data
  audit: { minutes: 10, args: [300_000, 5] },
  "cut-off": { minutes: 10, args: [20, 1024, 1000] },
  drop: { minutes: 10 },
  upload: { minutes: 10 },
  command: { minutes: 10 },
  request: { minutes: 10 },
  download: { minutes: 10 },
  zip: { minutes: 10 },
  overload: { minutes: 10 },
  strangers: { minutes: 5 },
  memory: { minutes: 10 },
  web: { minutes: 10 },
  calls: { minutes: 5 },
}

type PartResult = {
  part: string
  /** The load of the machine before the part began. */
  load: number
  seconds: number
  /** Why the part ended without all its measures. */
  error: string | null
  measures: Result[]
}

const [name] = process.argv.splice(2, 1)
if (name === undefined) await runAll()
else if (PARTS[name]) await import(`./${name}.bench.ts`)
else {
  console.error(`There is no such part: npm run bench -- ${Object.keys(PARTS).join(" | ")}`)
  process.exit(1)
}

async function runAll() {
  // The directory for the parts' files, including those that an interrupted part left.
  const directory = mkdtempSync(path.join(tmpdir(), "lapse-bench-"))
  const end = endOnSignal()
  const startedAt = new Date()
  const parts: PartResult[] = []
  try {
    for (const [part, limits] of Object.entries(PARTS)) {
      parts.push(await runPart({ part, ...limits, directory, end }))
      if (end.signal.aborted) break
      writeResults(startedAt, parts)
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
  for (const { part, error } of parts) if (error) console.log(`\n${part}: ${error}`)
  console.log(`\n${resultTable(parts.flatMap(({ measures }) => measures))}`)
  if (parts.some(({ error }) => error)) process.exitCode = 1
}

type Run = {
  part: string
  minutes: number
  args?: number[]
  directory: string
  end: AbortController
}

/** Runs a part as a separate process group, which is ended when its time is over. */
async function runPart({ part, minutes, args = [], directory, end }: Run): Promise<PartResult> {
  console.log(`\n# ${part}\n`)
  const load = loadavg()[0] ?? 0
  const began = performance.now()
  const measures: Result[] = []
  const child = fork(import.meta.filename, [part, ...args.map(String)], {
    detached: true,
    env: { ...process.env, TMPDIR: directory, LAPSE_BENCH_DATA: path.join(directory, "data") },
  })
  child.on("message", (results: Result[]) => measures.push(...results))
  let error = await endOf(child, AbortSignal.any([end.signal, AbortSignal.timeout(minutes * 6e4)]))
  if (error === "ended")
    error = end.signal.aborted ? "was ended" : `was ended after ${minutes} minutes`
  return { part, load, seconds: Math.round((performance.now() - began) / 1000), error, measures }
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

function writeResults(startedAt: Date, parts: PartResult[]) {
  const folder = path.join(import.meta.dirname, "results")
  mkdirSync(folder, { recursive: true })
  const machine = {
    cores: cpus().length,
    memoryMiB: Math.round(totalmem() / MIB),
    node: process.version,
  }
  const results = { startedAt: startedAt.toISOString(), machine, parts }
  writeFileSync(path.join(folder, "latest.json"), `${JSON.stringify(results, null, 2)}\n`)
}
