import "server-only"

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
export function logLine(json: string, hasColours: boolean): string {
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
