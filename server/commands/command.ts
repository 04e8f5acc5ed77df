import type { ParseArgsOptionsConfig } from "node:util"

export type Command = {
  summary: string
  usage: string
  operand?: string
  /** The only operands that the command takes; any by default. */
  operands?: readonly string[]
  /** The name of the second operand in the usage, if the command needs one. */
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
