import { fork } from "node:child_process"
import path from "node:path"
import type { BackupOptions } from "../make-backup.ts"
import type { Manifest } from "../manifest.ts"

const PROGRAM = path.join(import.meta.dirname, "backup-process.ts")
const SERVER_ONLY = path.join(import.meta.dirname, "../../server-only.mjs")

export type ScheduledBackup = Omit<BackupOptions, "say" | "warn">

export type FromBackupProcess = { manifest: Manifest; warnings: string[] } | { problem: string }

/** Makes a backup in a separate process, which the signal kills. */
export function runBackup(options: ScheduledBackup, signal: AbortSignal) {
  const child = fork(PROGRAM, ["--no-env-file"], {
    execArgv: ["--import", SERVER_ONLY],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    signal,
    killSignal: "SIGKILL",
  })
  return new Promise<FromBackupProcess>((resolve) => {
    child.once("message", (message: FromBackupProcess) => resolve(message))
    child.once("error", (error) => resolve({ problem: error.message }))
    child.once("exit", (code, killed) =>
      resolve({ problem: `The backup's process ended with ${killed ?? code}.` }),
    )
    child.send(options)
  })
}
