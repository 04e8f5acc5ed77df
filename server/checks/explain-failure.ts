import { SetupError } from "#lib/errors.ts"
import { isDiskFullError, outageOf } from "#lib/outages/outage.ts"

const DISK_FULL = "The disk of the data directory is full"

/**
 * Turns an outage during a start or a command into a sentence for the operator. Returns any other
 * error unchanged.
 */
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
    `${sentence.replace(" right now.", "")}${because ? ` (${because})` : ""}: check that it is running, then start again.`,
    { cause: error },
  )
}

/** The text of the innermost cause: Prisma's own errors repeat it in many lines. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return ""
  const code = "code" in error ? String(error.code) : ""
  const line = error.message.trim().split("\n").at(-1) ?? ""
  return line || code
}
