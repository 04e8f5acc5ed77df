import fs from "node:fs"

/** Sends SIGKILL to a process and to everything it started. Linux only. */
export function killTree(pid: number): void {
  for (const each of treeOf(pid)) {
    try {
      process.kill(each, "SIGKILL")
    } catch {
      // It ended with its parent.
    }
  }
}

/** Sends SIGKILL to the processes below `pid` whose command line matches. Linux only. */
export function killBelow(pid: number, command: RegExp): void {
  for (const each of treeOf(pid).filter((each) => command.test(commandOf(each)))) {
    try {
      process.kill(each, "SIGKILL")
    } catch {
      // It ended with its parent.
    }
  }
}

/**
 * Freezes the processes below `pid` whose command line matches, like a hanging machine: their
 * connections stay open and nothing answers. Returns a function that resumes them. Linux only.
 */
export function freezeTree(pid: number, command: RegExp): () => void {
  const frozen = findInTree(pid, command)
  for (const each of frozen) process.kill(each, "SIGSTOP")
  return () => {
    for (const each of frozen.reverse()) process.kill(each, "SIGCONT")
  }
}

/** The processes below `pid` whose command line matches. Linux only. */
export function findInTree(pid: number, command: RegExp): number[] {
  return treeOf(pid).filter((each) => command.test(commandOf(each)))
}

/** Whether a process runs; one that has ended and was not waited for does not. */
export function isAlive(pid: number) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8")
    return !stat.slice(stat.lastIndexOf(")")).startsWith(") Z")
  } catch {
    return false
  }
}

function commandOf(pid: number) {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")
  } catch {
    return "" // it ended meanwhile
  }
}

/** A process and everything below it, parents first. */
function treeOf(pid: number): number[] {
  const parents = fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), parentOf(name)] as const)
  const below = (parent: number): number[] =>
    parents.filter(([, its]) => its === parent).flatMap(([child]) => [child, ...below(child)])
  return [pid, ...below(pid)]
}

function parentOf(pid: string) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8")
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1])
  } catch {
    return 0 // it ended meanwhile
  }
}
