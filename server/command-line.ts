import { parseArgs } from "node:util"
import { SetupError } from "#lib/errors.ts"
import { explainFailure } from "./checks/explain-failure.ts"
import { audit } from "./commands/audit-command.ts"
import { backup } from "./commands/backup-command.ts"
import { bucket } from "./commands/bucket/bucket-command.ts"
import { colours } from "./commands/colours-command.ts"
import { type Command, EXIT } from "./commands/command.ts"
import { doctor } from "./commands/doctor-command.ts"
import { endSessions } from "./commands/members/end-sessions-command.ts"
import { makeAdmin } from "./commands/members/make-admin-command.ts"
import { resetPassword } from "./commands/members/reset-password-command.ts"
import { migrate } from "./commands/migrate-command.ts"
import { reconcile } from "./commands/reconcile-command.ts"
import { restore } from "./commands/restore-command.ts"

const COMMANDS = new Map<string | undefined, Command>([
  ["backup", backup],
  ["restore", restore],
  ["end-sessions", endSessions],
  ["doctor", doctor],
  ["bucket", bucket],
  ["colours", colours],
  ["reset-password", resetPassword],
  ["make-admin", makeAdmin],
  ["reconcile", reconcile],
  ["migrate", migrate],
  ["audit", audit],
])

const USAGE = [...COMMANDS.values()].map(({ usage }) => usage).join("\n\n")

/** Runs one `npm run lapse` command and returns its exit code. */
export async function runCommandLine(): Promise<number> {
  try {
    const { command, options, operand, isHelp } = readArguments()
    if (!command || isHelp) {
      console.log(USAGE)
      return isHelp ? EXIT.clean : EXIT.refused
    }
    return await command.run(options, operand)
  } catch (error) {
    const reason = explainFailure(error)
    console.error(reason instanceof SetupError ? reason.message : reason)
    return EXIT.refused
  }
}

function readArguments() {
  const name = process.argv.slice(2).find((argument) => !argument.startsWith("-"))
  const command = COMMANDS.get(name)
  const { values, positionals } = parse(command)
  const [, operand = "", ...more] = positionals
  if (positionals.length > 0 && (!command || more.length > 0 || (operand && !command.operand))) {
    throw new SetupError(`There is no command "${positionals.join(" ")}".\n\n${USAGE}`)
  }
  const { help, "no-env-file": _, ...options } = values
  if (command?.operand && !operand && !help)
    throw new SetupError(`Name ${command.operand}.\n\n${command.usage}`)
  return { command, options, operand, isHelp: help === true }
}

function parse(command: Command | undefined) {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        ...command?.options,
        "no-env-file": { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    })
  } catch (error) {
    throw new SetupError(`${error instanceof Error ? error.message : error}\n\n${USAGE}`)
  }
}
