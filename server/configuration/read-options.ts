import { type ParseArgsOptionsConfig, parseArgs } from "node:util"
import { SetupError } from "#lib/adapters/errors.ts"

export class UsageError extends SetupError {}

type Reading = {
  args: string[]
  /** The program's name, for error messages. */
  of: string
  options: ParseArgsOptionsConfig
  /** Options that error messages do not list. */
  hidden?: ParseArgsOptionsConfig
}

type Values = Record<string, string | boolean | (string | boolean)[] | undefined>

/** Reads options and operands. Throws a UsageError for an unknown option or a missing value. */
export function readOptions({ args, of, options, hidden = {} }: Reading): {
  values: Values
  operands: string[]
} {
  const all = { ...hidden, ...options }
  // In strict mode, parseArgs throws messages about its own API.
  const { values, positionals, tokens } = parseArgs({
    args,
    options: all,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  for (const token of tokens) {
    if (token.kind !== "option") continue
    const { name, rawName, value, inlineValue } = token
    const type = Object.hasOwn(all, name) ? all[name]?.type : undefined
    if (!type) throw new UsageError(unknown(of, rawName, Object.keys(options)))
    if (type === "boolean" && value !== undefined)
      throw new UsageError(`${rawName} takes no value.`)
    if (type === "string" && (!value || (!inlineValue && value.startsWith("-"))))
      throw new UsageError(`${rawName} needs a value.`)
  }
  return { values, operands: positionals }
}

function unknown(of: string, rawName: string, names: string[]) {
  const known = names.map((name) => `--${name}`)
  const takes = known.length > 0 ? LIST.format(known) : "none"
  return `${of} has no option ${rawName}. It takes ${takes}.`
}

const LIST = new Intl.ListFormat("en-GB")
