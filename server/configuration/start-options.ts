import { SetupError } from "#lib/adapters/errors.ts"
import { ACCEPT_COPY } from "#server/processes/running-marker.ts"
import { readOptions, UsageError } from "./read-options.ts"

export type StartOptions = {
  dev: boolean
  acceptsCopy: boolean
  /** Whether to fill a new installation with sample data. */
  sample: boolean
  /** The value of `--web`, the number of web processes, as it was written. */
  web: string | undefined
}

const OPTIONS = {
  web: { type: "string" },
  sample: { type: "boolean" },
  [ACCEPT_COPY.slice(2)]: { type: "boolean" },
} as const

const HIDDEN = {
  dev: { type: "boolean" }, // of npm run dev
  "no-env-file": { type: "boolean" }, // environment.ts reads it
} as const

export const START = {
  summary: "start Lapse, as npm start does",
  usage: `lapse start [--web N] [--sample]

  Starts the database and the object store where none are given, applies migrations and serves.
  --web N              serves with N processes, 1 to 8, as WEB_PROCESSES does
  --sample             fills a new installation with sample data
  ${ACCEPT_COPY.padEnd(21)}starts on a data directory that is a snapshot of a running Lapse`,
}

/** Reads the arguments of `lapse start`. Throws a UsageError for unknown ones. */
export function readStartOptions(args = process.argv.slice(2)): StartOptions {
  const { values, operands } = readOptions({
    args,
    of: "lapse start",
    options: OPTIONS,
    hidden: HIDDEN,
  })
  const [operand] = operands
  if (operand !== undefined)
    throw new UsageError(`lapse start takes options alone, and ${operand} is none.`)
  const { dev, sample, web, [ACCEPT_COPY.slice(2)]: acceptsCopy } = values
  return {
    dev: dev === true,
    web: web === undefined ? undefined : String(web),
    acceptsCopy: acceptsCopy === true,
    sample: sample === true,
  }
}

/** Throws a SetupError for several web processes in development: they share one build. */
export function refuseSeveralInDevelopment({ dev }: StartOptions, webProcesses: number) {
  if (!dev || webProcesses === 1) return
  throw new SetupError(
    `npm run dev runs one web process, and ${webProcesses} are asked for: leave --web away, and WEB_PROCESSES unset.`,
  )
}
