import { openSync } from "node:fs"
import readline from "node:readline/promises"
import { Writable } from "node:stream"
import { ReadStream } from "node:tty"
import { EXIT, Failure } from "./failure.ts"

/** Control characters and those that change the direction of text: they disguise what is printed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it removes
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu

/** Text as it may be shown on a terminal: much of it was written by others. */
const plain = (text: string) => text.replace(HIDDEN, "\ufffd")

const isTerminal = () => process.stderr.isTTY === true

let isShown = false

/** Prints lines on standard output, without what could disguise them. */
export function print(...lines: string[]) {
  clearProgress()
  for (const line of lines) process.stdout.write(`${plain(line)}\n`)
}

/** Prints a value as JSON, in which what could disguise it is escaped. */
export const printJson = (value: unknown) => print(JSON.stringify(value).replace(HIDDEN, escaped))

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`

/** Prints lines on standard error, without what could disguise them. */
export function say(...lines: string[]) {
  clearProgress()
  for (const line of lines) process.stderr.write(`${plain(line)}\n`)
}

let isWaitSaid = false

/** Says once that the command waits, and for what. */
export function sayWait(line: string) {
  if (!isWaitSaid) say(line)
  isWaitSaid = true
}

/** Replaces the line of progress, on a terminal only. */
export function showProgress(line: string) {
  if (!isTerminal()) return
  isShown = true
  process.stderr.write(`\r\u001b[K${plain(line).slice(0, (process.stderr.columns ?? 80) - 1)}`)
}

function clearProgress() {
  if (isShown) process.stderr.write("\r\u001b[K")
  isShown = false
}

/** Asks for a secret on the terminal, without showing it. Refuses where there is none. */
export async function askSecret(question: string, otherwise: string): Promise<string> {
  const input = openTerminal()
  if (!input) throw new Failure(EXIT.usage, otherwise)
  clearProgress()
  process.stderr.write(question)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = readline.createInterface({ input, output: silent, terminal: true })
  const interrupted = new AbortController()
  lines.once("SIGINT", () => interrupted.abort())
  try {
    return await lines.question("", { signal: interrupted.signal })
  } catch {
    throw new Failure(EXIT.interrupted, "Stopped.")
  } finally {
    lines.close()
    input.destroy()
    process.stderr.write("\n")
  }
}

/** Standard input may be a pipe, so the terminal is opened by its name. */
function openTerminal() {
  try {
    return new ReadStream(openSync("/dev/tty", "r"))
  } catch {
    return process.stdin.isTTY ? process.stdin : null
  }
}
