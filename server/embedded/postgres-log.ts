import fs from "node:fs"
import path from "node:path"

const FAILURE = /FATAL|PANIC/

/** Why a server ended: the last error on its stderr or, once it writes files, in its log. */
export function readFailure(cluster: string, stderr: string) {
  return lastError(FAILURE.test(stderr) ? stderr : readLog(cluster) || stderr)
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
  return log && fs.existsSync(file) ? fs.readFileSync(file, "utf8").slice(-4000) : ""
}
