import "server-only"
import { pino } from "pino"
import { processWide } from "./process-wide.ts"

/** One JSON line per event. Never give it a token, password, presigned URL or cookie. */
export const log = processWide("log", createLog)

function createLog() {
  // Where the log is a file on a full disk, lines are lost: unhandled, the error ends the process.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {})
  return pino(
    {
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: loggedError },
    },
    process.stdout,
  )
}

/**
 * The part of an error that may be logged. Other properties stay out: a database error carries its
 * connection with every statement and value, a detail of a row, and the key to cancel it.
 */
export function loggedError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) }
  const code = "code" in error ? { code: String(error.code) } : {}
  const cause = error.cause === undefined ? {} : { cause: loggedError(error.cause) }
  return { type: error.name, message: error.message, ...code, stack: error.stack, ...cause }
}
