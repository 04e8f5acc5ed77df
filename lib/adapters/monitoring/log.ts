import "server-only"
import { type Logger, pino } from "pino"
import { processWide } from "#lib/adapters/process-wide.ts"
import { logLine } from "./log-line.ts"

/** The log. Never log a token, password, presigned URL or cookie. */
export const log = processWide("log", () => {
  // Ignores write errors, as on a full disk: lines are lost, but the process continues.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {})
  return createLog(process.stdout)
})

type Output = Pick<NodeJS.WriteStream, "write" | "isTTY" | "hasColors">

/** Creates a log with a line per event: for people if the output is a terminal, else JSON. */
export function createLog(output: Output): Logger {
  const people = { write: (json: string) => output.write(logLine(json, output.hasColors())) }
  return pino(
    {
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: loggedError },
    },
    output.isTTY ? people : output,
  )
}

/**
 * Returns the part of an error that may be logged. Other properties are left out: a database error
 * carries its connection (statements, values, the key to cancel) and details of a row.
 */
export function loggedError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) }
  const code = "code" in error ? { code: String(error.code) } : {}
  const cause = error.cause === undefined ? {} : { cause: loggedError(error.cause) }
  return { type: error.name, message: error.message, ...code, stack: error.stack, ...cause }
}

/** Returns an error's message without its stack, for faults outside of Lapse. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message || ("code" in error ? String(error.code) : error.name)
}
