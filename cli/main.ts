import { parseArgs } from "node:util"
import { EXIT, Failure, usageError } from "./failure.ts"
import { VERSION } from "./installation.ts"
import { plain, print, say } from "./terminal.ts"
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
  try {
    await run(args)
    process.exit(EXIT.done)
  } catch (error) {
    const failure =
      error instanceof Failure ? error : new Failure(EXIT.failed, `lapse failed: ${error}`)
    say(failure.message)
    process.exit(failure.exit)
  }
}

async function run([name = "", ...args]: string[]) {
  if (name === "--version") return print(`lapse ${VERSION}`)
  if (name === "--help" || name === "-h" || name === "help") return print(OVERVIEW)
  const verb = VERBS.get(name)
  if (!verb)
    throw usageError(name ? `There is no command ${plain(name)}.\n\n${OVERVIEW}` : OVERVIEW)
  const { values, positionals } = parse(verb, args)
  if (values.help) return print(verb.usage)
  const { least, most } = verb.operands
  if (positionals.length < least || positionals.length > most)
    throw usageError(`Wrong number of arguments.\n\n${verb.usage}`)
  await verb.run(values, positionals)
}

function parse(verb: Verb, args: string[]): { values: Options; positionals: string[] } {
  const options = { ...verb.options, help: { type: "boolean", short: "h" } } as const
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
    return { values: values as Options, positionals } // strict: only known options
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw usageError(`${plain(error.message)}\n\n${verb.usage}`)
  }
}
