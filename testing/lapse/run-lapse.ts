import { spawn } from "node:child_process"
import { once } from "node:events"
import path from "node:path"

const root = path.join(import.meta.dirname, "../..")

/** Starts one `lapse` command with these settings and no others. */
export function startLapse(args: string[], settings: Record<string, string> = {}) {
  const child = spawn(
    process.execPath,
    [
      "--import",
      path.join(root, "server/server-only.mjs"),
      path.join(root, "server/run-command.ts"),
      "--no-env-file",
      ...args,
    ],
    {
      env: { NODE_ENV: "production", PATH: process.env.PATH, ...settings },
      stdio: ["ignore", "pipe", "pipe"],
    },
  )
  let said = ""
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text
    })
  }
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, said }))
  return { child, ended }
}

/** Runs one `lapse` command to its end. */
export const runLapse = (args: string[], settings?: Record<string, string>) =>
  startLapse(args, settings).ended
