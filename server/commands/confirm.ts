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
    const answer = await terminal.question(`${question} Type yes to go on: `)
    return answer.trim().toLowerCase() === "yes"
  } finally {
    terminal.close()
  }
}
