import path from "node:path"
import { SetupError } from "#lib/adapters/errors.ts"
import { VERSION } from "#lib/adapters/version.ts"
import { VERBS } from "../cli/main.ts"
import { readCommit } from "./build/release.ts"
import { explainFailure } from "./checks/explain-failure.ts"
import { audit } from "./commands/audit-command.ts"
import { backup } from "./commands/backup-command.ts"
import { bucket } from "./commands/bucket/bucket-command.ts"
import { colours } from "./commands/colours-command.ts"
import { type Command, EXIT } from "./commands/command.ts"
import { doctor } from "./commands/doctor-command.ts"
import { endSessions } from "./commands/end-sessions-command.ts"
import { exportAll } from "./commands/export-command.ts"
import { importApp } from "./commands/import-command.ts"
import { makeAdmin } from "./commands/make-admin-command.ts"
import { migrate } from "./commands/migrate-command.ts"
import { reconcile } from "./commands/reconcile-command.ts"
import { resetPassword } from "./commands/reset-password-command.ts"
import { restore } from "./commands/restore-command.ts"
import { readOptions, UsageError } from "./configuration/read-options.ts"
import { START } from "./configuration/start-options.ts"

const COMMANDS = new Map<string, Command>([
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
  ["import", importApp],
  ["export", exportAll],
])

type Help = Map<string, Pick<Command, "summary" | "usage">>

/** The help on the operator's commands; bin/lapse.mjs itself runs `start`. */
const OPERATORS: Help = new Map([["start", START], ...COMMANDS])
const HELP: Help = new Map([...OPERATORS, ...VERBS])
const OVERVIEW = `lapse COMMAND

${listOf(OPERATORS)}

For members, on any machine:

${listOf(VERBS)}

lapse help COMMAND says how to call it, and lapse --version which Lapse this is.`

const HIDDEN = {
  "no-env-file": { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const
const OPTIONS = { help: HIDDEN.help, version: { type: "boolean" } } as const

/** Runs one command of `lapse` and returns its exit code. */
export async function runCommandLine(args = process.argv.slice(2)): Promise<number> {
  try {
    const call = readCall(args)
    if ("command" in call) return await call.command.run(call.options, ...call.operands)
    console.log(call.answer)
    return EXIT.clean
  } catch (error) {
    const reason = explainFailure(error)
    console.error(reason instanceof SetupError ? reason.message : bugOf(reason))
    return reason instanceof UsageError ? EXIT.usage : EXIT.refused
  }
}

function listOf(help: Help) {
  return [...help].map(([name, { summary }]) => `  ${name.padEnd(16)}${summary}`).join("\n")
}

type Call =
  | { answer: string }
  | { command: Command; options: Record<string, unknown>; operands: [string, string] }

function readCall(args: string[]): Call {
  const name = args.find((argument) => !argument.startsWith("-"))
  if (name === undefined) {
    const { values } = readOptions({ args, of: "lapse", options: OPTIONS, hidden: HIDDEN })
    if (values.version) return { answer: versionText() }
    if (values.help) return { answer: OVERVIEW }
    throw new UsageError(OVERVIEW)
  }
  if (name === "help") return { answer: helpOn(args.slice(args.indexOf(name) + 1)) }
  const command = COMMANDS.get(name)
  if (!command) return { answer: helpOn([name]) } // start --help
  const { values, operands } = readOptions({
    args,
    of: `lapse ${name}`,
    options: command.options,
    hidden: HIDDEN,
  })
  const { help, "no-env-file": _, ...options } = values
  if (help) return { answer: command.usage }
  return { command, options, operands: operandsOf(command, name, operands.slice(1)) }
}

function versionText() {
  const commit = readCommit()
  return `lapse ${VERSION}${commit ? ` (${commit})` : ""}`
}

function helpOn([name]: string[]) {
  if (name === undefined) return OVERVIEW
  const command = HELP.get(name)
  if (command) return command.usage
  throw new UsageError(`There is no command ${name}.\n\n${OVERVIEW}`)
}

function operandsOf(command: Command, name: string, given: string[]): [string, string] {
  const { operand, operands, secondOperand, usage } = command
  const wanted = [operand, secondOperand].filter((one) => one !== undefined)
  const tooMuch = given[wanted.length]
  if (tooMuch !== undefined) throw new UsageError(`${tooMuch} is too much.\n\n${usage}`)
  const missing = wanted.find((_, place) => !given[place])
  if (missing !== undefined) throw new UsageError(`Missing argument: ${missing}\n\n${usage}`)
  const [value = "", second = ""] = given
  if (!operands || operands.includes(value)) return [value, second]
  throw new UsageError(`lapse ${name} has no ${value}. Name ${operand}.`)
}

const root = path.join(import.meta.dirname, "..")

/** Describes an unexpected error, which is a bug of Lapse, with the place where it was thrown. */
function bugOf(error: unknown) {
  if (!(error instanceof Error)) return `Lapse failed: ${error}`
  const [, place] =
    error.stack
      ?.split("\n")
      .filter((line) => !line.includes("node_modules"))
      .map((line) => /([^()\s]+:\d+):\d+\)?$/.exec(line.replace(`file://${root}/`, "")))
      .find((match) => match && !match[1]?.startsWith("node:")) ?? []
  return `Lapse failed: ${error.message}${place ? `\n(${place})` : ""}`
}
