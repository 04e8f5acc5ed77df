import fs from "node:fs"
import path from "node:path"

const FAILURE = /FATAL|PANIC/
const DISK_FULL = /No space left on device|Disk quota exceeded/
/** Connections that are refused during a start write a line each after the one that says why. */
const LOG_CHARACTERS = 64_000

/** Why a server ended: the last error on its stderr or, once it writes files, in its log. */
export function readFailure(cluster: string, stderr: string) {
  return lastError(FAILURE.test(stderr) ? stderr : readLog(cluster) || stderr)
}

/**
 * Whether the server that started at `since` found the disk full. On a full disk its log may have no
 * room for that either: then stderr has it.
 */
export function saysDiskFull(cluster: string, stderr: string, since: Date) {
  return DISK_FULL.test(stderr) || readLog(cluster).split("\n").some(isFullSince(since))
}

const isFullSince = (since: Date) => (line: string) => {
  const at = Date.parse(
    line.slice(0, "2026-01-01 00:00:00.000".length).replace(" ", "T").concat("Z"),
  )
  return DISK_FULL.test(line) && at >= since.getTime()
}

/** The last line that names an error, without what stands before; else the last line. */
export function lastError(output = "") {
  const lines = output.trim().split("\n")
  const line = lines.findLast((line) => /FATAL|PANIC|error/i.test(line)) ?? lines.at(-1) ?? ""
  return line.replace(/^.*?(FATAL|PANIC|error):\s*/, "").trim()
}

function readLog(cluster: string) {
  const list = path.join(cluster, "current_logfiles")
  const [, log] =
    (fs.existsSync(list) && /^stderr (.+)$/m.exec(fs.readFileSync(list, "utf8"))) || []
  const file = path.join(cluster, log ?? "")
  return log && fs.existsSync(file) ? fs.readFileSync(file, "utf8").slice(-LOG_CHARACTERS) : ""
}
