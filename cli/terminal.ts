import { openSync } from "node:fs"
import readline from "node:readline/promises"
import { Writable } from "node:stream"
import { ReadStream } from "node:tty"
import { EXIT, Failure } from "./failure.ts"

/** Control characters and those that change the direction of text: they disguise what is printed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it removes
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu

/** Text from elsewhere, such as a file name, as it may be shown on a terminal. */
export const plain = (text: string) => text.replace(HIDDEN, "\ufffd")

const isTerminal = () => process.stderr.isTTY === true

let isShown = false

/** Prints a result on standard output. */
export function print(line: string) {
  clearProgress()
  process.stdout.write(`${line}\n`)
}

/** Prints a message on standard error. */
export function say(line: string) {
  clearProgress()
  process.stderr.write(`${line}\n`)
}

/** Replaces the line of progress, on a terminal only. */
export function showProgress(line: string) {
  if (!isTerminal()) return
  isShown = true
  process.stderr.write(`\r\u001b[K${line.slice(0, (process.stderr.columns ?? 80) - 1)}`)
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
