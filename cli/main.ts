import { parseArgs } from "node:util"
import { EXIT, Failure, usageError } from "./failure.ts"
import { VERSION } from "./installation.ts"
import { print, say } from "./terminal.ts"
import type { Options, Verb } from "./verb.ts"
import { get } from "./verbs/get.ts"
import { login, logout } from "./verbs/login.ts"
import { request, send } from "./verbs/requests.ts"
import { share } from "./verbs/share.ts"
import { list, revoke, show } from "./verbs/shares.ts"

/** The verbs of the command, by name. */
export const VERBS = new Map<string, Verb>(
  Object.entries({ login, logout, share, list, show, revoke, get, request, send }),
)

const OVERVIEW = `lapse COMMAND

${[...VERBS].map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`).join("\n")}

lapse COMMAND --help says how to call it, and lapse --version which Lapse this is.
Exit codes: 0 done, 1 refused, 64 wrong call, 66 no such file or link,
69 no answer, 77 not signed in or not allowed, 130 interrupted.`

/** Runs the command with the process's arguments, and ends the process. */
export async function main(args = process.argv.slice(2)): Promise<void> {
  process.stdout.on("error", () => process.exit(EXIT.failed)) // the reader of the pipe is gone
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      say("Stopped. The same command continues.")
      process.exit(EXIT.interrupted)
    })
  process.once("uncaughtException", fail)
  try {
    await run(args)
    end(EXIT.done)
  } catch (error) {
    fail(error)
  }
}

function fail(error: unknown) {
  const failure =
    error instanceof Failure ? error : new Failure(EXIT.failed, `lapse failed: ${error}`)
  say(failure.message)
  if (failure.usage) say("", ...failure.usage.split("\n"))
  end(failure.exit)
}

/** Ends the process once all that it printed is read: a pipe takes 64 KiB at a time. */
const end = (code: number) => process.stdout.write("", () => process.exit(code))

async function run([name = "", ...args]: string[]) {
  if (name === "--version") return print(`lapse ${VERSION}`)
  if (name === "--help" || name === "-h" || name === "help") return print(...OVERVIEW.split("\n"))
  const verb = VERBS.get(name)
  if (!verb) throw usageError(name ? `There is no command ${name}.` : "Which command?", OVERVIEW)
  const { values, positionals } = parse(verb, args)
  if (values.help) return print(...verb.usage.split("\n"))
  const { least, most } = verb.operands
  if (positionals.length < least || positionals.length > most)
    throw usageError("Wrong number of arguments.", verb.usage)
  await verb.run(values, positionals)
}

function parse(verb: Verb, args: string[]): { values: Options; positionals: string[] } {
  const options = { ...verb.options, help: { type: "boolean", short: "h" } } as const
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
    return { values: values as Options, positionals } // strict: only known options
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw usageError(error.message, verb.usage)
  }
}
