import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"

// Reads the resources that processes have used so far from /proc (proc_pid_stat(5)); Linux only.

const TICKS_PER_SECOND = 100

/** Seconds of processor time of one process, all its threads included. */
export function processSeconds(pid: number) {
  const { utime, stime } = statOf(pid)
  return (utime + stime) / TICKS_PER_SECOND
}

/**
 * Seconds of processor time of PostgreSQL in a data directory: of all its processes, ended ones
 * included.
 */
export function databaseSeconds(dataDirectory: string) {
  const file = path.join(dataDirectory, "postgres/cluster/postmaster.pid")
  const server = Number(readFileSync(file, "utf8").split("\n", 1)[0])
  let ticks = 0
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue
    const pid = Number(name)
    const { parent, utime, stime, cutime, cstime } = statOf(pid)
    if (pid === server) ticks += utime + stime + cutime + cstime
    else if (parent === server) ticks += utime + stime
  }
  return ticks / TICKS_PER_SECOND
}

/** The only child of a process. */
export function childOf(pid: number) {
  const children = childrenOf(pid)
  const [child] = children
  if (children.length !== 1 || child === undefined)
    throw new Error(`${pid} has ${children.length} children`)
  return child
}

/** The children of a process whose command line contains a text. */
export function childrenOf(pid: number, command = "") {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").match(/\d+/g) ?? []
  return children
    .map(Number)
    .filter((child) => !command || readFileSync(`/proc/${child}/cmdline`, "utf8").includes(command))
}

/** Reads the figures of a process; zeros if it has just ended. */
function statOf(pid: number) {
  let fields: string[] = []
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  } catch {}
  const [parent = 0, utime = 0, stime = 0, cutime = 0, cstime = 0] = [1, 11, 12, 13, 14].map(
    (index) => Number(fields[index] ?? 0),
  )
  return { parent, utime, stime, cutime, cstime }
}

/**
 * The proportional set size of one process, in bytes: its private memory, and its part of memory
 * that processes share, such as the program of Node. Sums count everything once. 0 if it has just
 * ended.
 */
export function memoryBytes(pid: number) {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8")
    return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1]) * 1024
  } catch {
    return 0
  }
}

/** Samples the memory of a process; the returned function stops and returns the maximum. */
export function watchMemory(pid: number) {
  let maximum = memoryBytes(pid)
  const timer = setInterval(() => {
    maximum = Math.max(maximum, memoryBytes(pid))
  }, 100)
  return () => {
    clearInterval(timer)
    return Math.max(maximum, memoryBytes(pid))
  }
}
