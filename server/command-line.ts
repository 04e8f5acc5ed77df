import { parseArgs } from "node:util"
import { SetupError } from "#lib/errors.ts"
import { type Command, EXIT } from "./commands/command.ts"
import { migrate } from "./commands/migrate.ts"
import { reconcile } from "./commands/reconcile.ts"
import { explainFailure } from "./explain-failure.ts"

const COMMANDS = new Map<string | undefined, Command>([
  ["reconcile", reconcile],
  ["migrate", migrate],
])

const USAGE = [...COMMANDS.values()].map(({ usage }) => usage).join("\n\n")

/** Runs one `npm run lapse` command and returns its exit code. */
export async function runCommandLine(): Promise<number> {
  try {
    const { command, options, isHelp } = readArguments()
    if (!command || isHelp) {
      console.log(USAGE)
      return isHelp ? EXIT.clean : EXIT.refused
    }
    return await command.run(options)
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
  if (positionals.length > 0 && (!command || positionals.length > 1)) {
    throw new SetupError(`There is no command "${positionals.join(" ")}".\n\n${USAGE}`)
  }
  const { help, "no-env-file": _, ...options } = values
  return { command, options, isHelp: help === true }
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
