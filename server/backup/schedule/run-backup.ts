import { fork } from "node:child_process"
import path from "node:path"
import type { BackupStep } from "#lib/adapters/database/backup-lock.ts"
import type { BackupOptions } from "../make-backup.ts"
import type { Manifest } from "../manifest.ts"

const PROGRAM = path.join(import.meta.dirname, "backup-process.ts")
const SERVER_ONLY = path.join(import.meta.dirname, "../../server-only.mjs")

export type ScheduledBackup = Omit<BackupOptions, "say" | "warn">

type Answer = { manifest: Manifest; warnings: string[] } | { problem: string }
export type FromBackupProcess = Answer | { step: BackupStep }

/** Makes a backup in a separate process, which the signal kills. `say` is called with each step. */
export function runBackup(
  options: ScheduledBackup,
  { signal, say }: { signal: AbortSignal; say: (step: BackupStep) => void },
) {
  const child = fork(PROGRAM, ["--no-env-file"], {
    execArgv: ["--import", SERVER_ONLY],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    signal,
    killSignal: "SIGKILL",
  })
  return new Promise<Answer>((resolve) => {
    child.on("message", (message: FromBackupProcess) => {
      if ("step" in message) say(message.step)
      else resolve(message)
    })
    child.once("error", (error) => resolve({ problem: error.message }))
    child.once("exit", (code, killed) =>
      resolve({ problem: `The backup's process ended with ${killed ?? code}.` }),
    )
    child.send(options)
  })
}
