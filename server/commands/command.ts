import type { ParseArgsOptionsConfig } from "node:util"

/** One command of `lapse`. */
export type Command = {
  /** A summary of the command, for the list of commands. */
  summary: string
  /** The usage text: how to call the command, and its effect. */
  usage: string
  /** The name of the operand in the usage, if the command needs one. */
  operand?: string
  /** The only operands that the command takes; any by default. */
  operands?: readonly string[]
  /** The name of the operand after it, if the command needs two. */
  secondOperand?: string
  options: ParseArgsOptionsConfig
  /**
   * Runs the command and returns the exit code. Throws a SetupError for problems that the operator
   * can fix. The operands are empty for a command without them.
   */
  run: (options: Record<string, unknown>, operand: string, second: string) => Promise<number>
}

/**
 * Exit codes. `clean`: nothing to do or all done. `refused`: it cannot run, for example because of
 * a setting. `found`: something was found that was not applied. `usage`: the call is wrong
 * (EX_USAGE of sysexits.h).
 */
export const EXIT = { clean: 0, refused: 1, found: 2, usage: 64 }
