import type { ParseArgsOptionsConfig } from "node:util"

/** One command of `npm run lapse`. */
export type Command = {
  /** How to call it and what it does. */
  usage: string
  /** What has to be named after the command, as the usage calls it. */
  operand?: string
  options: ParseArgsOptionsConfig
  /**
   * Returns the exit code. Throws a SetupError where the operator can mend what is wrong. The
   * operand is empty for a command without one.
   */
  run: (options: Record<string, unknown>, operand: string) => Promise<number>
}

/** Nothing to do; a wrong call or setting; something was found that is not applied. */
export const EXIT = { clean: 0, refused: 1, found: 2 }
