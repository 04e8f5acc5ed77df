import { once } from "node:events"
import { createInterface } from "node:readline/promises"
import { SetupError } from "#lib/errors.ts"

/**
 * Asks a question at the terminal and returns whether the answer is yes. Throws a SetupError if
 * there is no terminal.
 */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new SetupError(`${question} Run it in a terminal to answer, or add --yes.`)
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    // Ctrl-C rejects the question, and Ctrl-D leaves it without an answer.
    const closed = once(terminal, "close").then(() => "")
    const asked = terminal.question(`${question} Type yes to go on: `).catch(() => "")
    const answer = await Promise.race([asked, closed])
    return answer.trim().toLowerCase() === "yes"
  } finally {
    terminal.close()
  }
}
