import { SetupError } from "#lib/errors.ts"
import { isDiskFullError, outageOf } from "#lib/outages/outage.ts"

const DISK_FULL = "The disk of the data directory is full"

/** An outage that a start or a command met, as a sentence for the operator; else the error itself. */
export function explainFailure(error: unknown): unknown {
  if (error instanceof SetupError) return error
  const outage = outageOf(error)
  if (!outage) return error
  if (isDiskFullError(error) || outage.code === "storage_full") {
    return new SetupError(`${DISK_FULL} (${reasonOf(error)}): make room on it, and start again.`, {
      cause: error,
    })
  }
  const [sentence = ""] = outage.message.split(/(?<=\.) /)
  const because = reasonOf(error)
  return new SetupError(
    `${sentence.replace(" just now.", "")}${because ? ` (${because})` : ""}: see that it runs, and start again.`,
    { cause: error },
  )
}

/** Prisma's errors say in many lines what their cause says in a few words. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return ""
  const code = "code" in error ? String(error.code) : ""
  const line = error.message.trim().split("\n").at(-1) ?? ""
  return line || code
}
