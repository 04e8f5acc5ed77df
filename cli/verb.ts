import type { ParseArgsOptionsConfig } from "node:util"
import type { IfTaken } from "#packages/uploader/upload.ts"
import { usageError } from "./failure.ts"
import { readSecret } from "./installation.ts"
import { askSecret } from "./terminal.ts"

export type Options = Record<string, string | boolean | string[] | undefined>

/** A verb of the command. */
export type Verb = {
  summary: string
  usage: string
  options: ParseArgsOptionsConfig
  /** The number of operands. */
  operands: { least: number; most: number }
  run: (options: Options, operands: readonly string[]) => Promise<void>
}

/** The options that set a password. */
export const PASSWORD_OPTIONS = {
  password: { type: "boolean" },
  "password-file": { type: "string" },
} as const

/** The options for files whose names are taken by different files. */
export const TAKEN_OPTIONS = {
  replace: { type: "boolean" },
  "keep-both": { type: "boolean" },
  skip: { type: "boolean" },
} as const

export const TAKEN_USAGE = `\
  --replace             if a different file has the name: replaces that file
  --keep-both           if so: adds a number to the name of the new file
  --skip                if so: leaves the new file out`

/** Reads TAKEN_OPTIONS. Without one of them, such a file is refused. */
export function ifTakenOf(options: Options): IfTaken | undefined {
  const given: (IfTaken | false | undefined)[] = [
    options.replace === true && "replace",
    options["keep-both"] === true && "keepBoth",
    options.skip === true && "skip",
  ]
  const [first, second] = given.filter((one) => one !== false)
  if (second) throw usageError("Only one of --replace, --keep-both and --skip.")
  return first
}

export const text = (value: Options[string]) => (typeof value === "string" ? value : undefined)

/** Reads the password of `--password` (from the terminal) or `--password-file`. */
export async function passwordOf(options: Options): Promise<string | undefined> {
  const file = text(options["password-file"])
  if (file) return readSecret(file)
  if (options.password) return askSecret("Password: ", "Without a terminal: --password-file FILE")
  return undefined
}

const UNITS: Record<string, number> = { m: 60, h: 3_600, d: 86_400, w: 604_800 }

/** When something ends, as the API takes it. */
type End = { expiresIn?: number; expiresAt?: string | null }

/**
 * Reads an end: "7d" or "12h" as seconds, which the installation adds to its own time, "never", or
 * "2027-01-31" as an instant in ISO 8601.
 */
export function readEnd(given: string | undefined): End {
  if (given === undefined) return {}
  if (given === "never") return { expiresAt: null }
  const [, count, unit] = /^(\d{1,5})([mhdw])$/.exec(given) ?? []
  if (count && unit) return { expiresIn: Number(count) * (UNITS[unit] ?? 0) }
  const date = new Date(given)
  if (/^\d{4}-\d\d-\d\d/.test(given) && !Number.isNaN(date.getTime()))
    return { expiresAt: date.toISOString() }
  throw usageError(`${given} is not an end: write 30m, 12h, 7d, 4w, 2027-01-31 or never.`)
}

/** Reads a whole number from 1 on. */
export function readCount(given: string | undefined, option: string): number | undefined {
  if (given === undefined) return undefined
  if (/^[1-9]\d{0,14}$/.test(given)) return Number(given)
  throw usageError(`--${option} takes a whole number from 1 on.`)
}
