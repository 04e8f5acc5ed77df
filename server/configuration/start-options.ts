import { parseArgs } from "node:util"
import { SetupError } from "#lib/errors.ts"
import { ACCEPT_COPY } from "#server/processes/running-marker.ts"

export type StartOptions = {
  dev: boolean
  acceptsCopy: boolean
  /** Whether to fill a new installation with sample data. */
  sample: boolean
  /** The value of `--web`, the number of web processes, as it was written. */
  web: string | undefined
}

const OPTIONS = {
  dev: { type: "boolean" },
  web: { type: "string" },
  sample: { type: "boolean" },
  [ACCEPT_COPY.slice(2)]: { type: "boolean" },
  "no-env-file": { type: "boolean" }, // environment.ts reads it
} as const

/** Reads the arguments after `npm start --`. Throws a SetupError for unknown ones. */
export function readStartOptions(args = process.argv.slice(2)): StartOptions {
  const {
    dev = false,
    sample = false,
    web,
    [ACCEPT_COPY.slice(2)]: acceptsCopy = false,
  } = parse(args)
  if (web === "") throw new SetupError(NO_NUMBER)
  return {
    dev: dev === true,
    web: web === undefined ? undefined : String(web),
    acceptsCopy: acceptsCopy === true,
    sample: sample === true,
  }
}

function parse(args: string[]): Record<string, string | boolean | undefined> {
  try {
    return parseArgs({ args, options: OPTIONS }).values
  } catch (error) {
    if (/--web\b/.test(String(error))) throw new SetupError(NO_NUMBER)
    const reason = error instanceof Error ? error.message.split(". ", 1)[0] : error
    throw new SetupError(`${reason}: npm start knows --web N, --sample and ${ACCEPT_COPY}.`)
  }
}

const NO_NUMBER = "--web needs a number of processes: npm start -- --web 2."

/**
 * Throws a SetupError for several web processes in development, because they would reload one
 * shared build.
 */
export function refuseSeveralInDevelopment({ dev }: StartOptions, webProcesses: number) {
  if (!dev || webProcesses === 1) return
  throw new SetupError(
    `npm run dev runs one web process, and ${webProcesses} are asked for: leave --web away, and WEB_PROCESSES unset.`,
  )
}
