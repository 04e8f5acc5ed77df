import { once } from "node:events"
import { createInterface } from "node:readline/promises"
import { SetupError } from "#lib/adapters/errors.ts"

/** Asks for a yes at the terminal. Throws a SetupError if there is no terminal. */
export async function confirm(question: string): Promise<boolean> {
  if (!isTerminal()) {
    throw new SetupError(`${question} Run it in a terminal to answer, or add --yes.`)
  }
  return (await ask(`${question} Type yes to go on: `)) === "yes"
}

export const isTerminal = () => process.stdin.isTTY === true

/** Asks a question at the terminal and returns the answer in lower case, empty if there is none. */
export async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    // Ctrl-C rejects the question, and Ctrl-D leaves it without an answer.
    const closed = once(terminal, "close").then(() => "")
    const asked = terminal.question(question).catch(() => "")
    return (await Promise.race([asked, closed])).trim().toLowerCase()
  } finally {
    terminal.close()
  }
}
