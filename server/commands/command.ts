import type { ParseArgsOptionsConfig } from "node:util"

/** One command of `npm run lapse`. */
export type Command = {
  /** How to call it and what it does. */
  usage: string
  options: ParseArgsOptionsConfig
  /** Returns the exit code. Throws a SetupError where the operator can mend what is wrong. */
  run: (options: Record<string, unknown>) => Promise<number>
}

/** Nothing to do; a wrong call or setting; something was found that is not applied. */
export const EXIT = { clean: 0, refused: 1, found: 2 }
