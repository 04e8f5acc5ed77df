import fs from "node:fs"
import path from "node:path"

const FAILURE = /FATAL|PANIC/
const DISK_FULL = /No space left on device|Disk quota exceeded/
/** How much of the log is read: refused connections write lines after the reason. */
const LOG_CHARACTERS = 64_000

/** Returns why a server that started at `since` ended: the last error on stderr or in its log. */
export function readFailure(cluster: string, stderr: string, since: Date) {
  return lastError(FAILURE.test(stderr) ? stderr : readLog(cluster, since) || stderr)
}

/**
 * Whether the server that started at `since` found the disk full. A full disk may have no room for
 * the log line either; then the message is on stderr.
 */
export function saysDiskFull(cluster: string, stderr: string, since: Date) {
  return DISK_FULL.test(stderr) || DISK_FULL.test(readLog(cluster, since))
}

/** The time of a log line; NaN for a line that continues the previous one. */
const timeOf = (line: string) =>
  Date.parse(line.slice(0, "2026-01-01 00:00:00.000".length).replace(" ", "T").concat("Z"))

/** The last line that names an error, without its prefix; otherwise the last line. */
export function lastError(output = "") {
  const lines = output.trim().split("\n")
  const line = lines.findLast((line) => /FATAL|PANIC|error/i.test(line)) ?? lines.at(-1) ?? ""
  return line.replace(/^.*?(FATAL|PANIC|error):\s*/, "").trim()
}

/** Reads the end of the log, from the first line at or after `since`. */
function readLog(cluster: string, since: Date) {
  const list = path.join(cluster, "current_logfiles")
  const [, log] =
    (fs.existsSync(list) && /^stderr (.+)$/m.exec(fs.readFileSync(list, "utf8"))) || []
  const file = path.join(cluster, log ?? "")
  if (!log || !fs.existsSync(file)) return ""
  const lines = fs.readFileSync(file, "utf8").slice(-LOG_CHARACTERS).split("\n")
  const first = lines.findIndex((line) => timeOf(line) >= since.getTime())
  return first < 0 ? "" : lines.slice(first).join("\n")
}
