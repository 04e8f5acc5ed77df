import "server-only"
import { type Logger, pino } from "pino"
import { processWide } from "#lib/adapters/process-wide.ts"

type Entry = {
  level: string
  time: string
  msg?: string
  error?: LoggedError
  [field: string]: unknown
}
type LoggedError = { stack?: string; message?: string; cause?: LoggedError }

const COLOURS: Record<string, string> = { fatal: "31;1", error: "31", warn: "33", info: "32" }
const DIM = "2"

/**
 * Formats a log entry as a line for people: "12:34:56 WARN the database is away code=57P01". The
 * time is in the machine's time zone. The stack of an error follows on separate lines. Control
 * characters in logged values never reach the terminal.
 */
function logLine(json: string, hasColours: boolean): string {
  const { level, time, msg = "", error, ...fields }: Entry = JSON.parse(json)
  const paint = (code: string, text: string) =>
    hasColours && text ? `\x1b[${code}m${text}\x1b[0m` : text
  const line = [
    paint(DIM, new Date(time).toTimeString().slice(0, 8)),
    paint(COLOURS[level] ?? DIM, level.toUpperCase().padEnd(5)),
    withoutControls(msg),
    paint(DIM, withoutControls(Object.entries(fields).map(fieldText).join(" "))),
  ]
  // Overwrites the progress line that a terminal shows during the start.
  const begin = hasColours ? "\r\x1b[2K" : ""
  return `${begin}${line.filter((part) => part !== "").join(" ")}\n${error ? errorText(error) : ""}`
}

function fieldText([name, value]: [string, unknown]) {
  const text = typeof value === "string" ? value : JSON.stringify(value)
  return `${name}=${/^[\w./:@+-]+$/.test(text) ? text : JSON.stringify(value)}`
}

function errorText({ stack, message = "", cause }: LoggedError): string {
  const lines = withoutControls(stack ?? message).split("\n")
  const text = lines.map((line) => `    ${line.trimStart()}\n`).join("")
  return cause ? `${text}    caused by\n${errorText(cause)}` : text
}

const withoutControls = (text: string) => text.replace(/[^\P{Cc}\n]/gu, "")

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
