import os from "node:os"
import { SetupError } from "#lib/adapters/errors.ts"
import { explainFailure } from "#server/checks/explain-failure.ts"
import { makeBackup } from "../make-backup.ts"
import type { FromBackupProcess, ScheduledBackup } from "./run-backup.ts"

// A process that makes one scheduled backup, so that the main process is not delayed. It ends with
// the main process; the next backup removes its remains.

const LOW_PRIORITY = 10

const tell = (message: FromBackupProcess, told = () => {}) =>
  process.send?.(message, undefined, {}, told)
const answer = (message: FromBackupProcess) => tell(message, () => process.disconnect())

try {
  os.setPriority(LOW_PRIORITY)
} catch {
  // Some sandboxes forbid a lower priority.
}
// A terminal sends Ctrl-C to every process; the main process decides when this one ends.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => {})
process.on("disconnect", () => process.exit())
process.on("message", async (options: ScheduledBackup) => {
  const warnings: string[] = []
  const warn = (sentence: string) => void warnings.push(sentence)
  try {
    const manifest = await makeBackup({ ...options, say: (step) => tell({ step }), warn })
    answer({ manifest, warnings })
  } catch (error) {
    const reason = explainFailure(error)
    answer({ problem: reason instanceof SetupError ? reason.message : String(error) })
  }
})
