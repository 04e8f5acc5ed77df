import "server-only"
import { pool, type QueryResultRow } from "#lib/adapters/database.ts"

type Scalars = {
  boolean: boolean
  smallint: number
  int: number
  bigint: bigint
  text: string
  uuid: string
  bytea: Uint8Array
  date: string
  timestamptz: Date
}
type Scalar = keyof Scalars
type NotNull = Scalar | `${Scalar}[]`

/** A parameter's PostgreSQL type. Array elements may be null; a single value with `| null`. */
type SqlType = NotNull | `${NotNull} | null`

export type ParameterTypes = Readonly<Record<string, SqlType>>

type ValueOf<Type> = Type extends `${infer Inner} | null`
  ? ValueOf<Inner> | null
  : Type extends `${infer Element}[]`
    ? readonly (ValueOf<Element> | null)[]
    : Type extends Scalar
      ? Scalars[Type]
      : never

/** The values for a call of a statement with these parameters. */
export type ValuesOf<Types extends ParameterTypes> = {
  readonly [Name in keyof Types]: ValueOf<Types[Name]>
}

type Statement<Types extends ParameterTypes> = {
  <Row extends QueryResultRow>(values: ValuesOf<Types>): Promise<Row[]>
  /** The SQL, with the names of its parameters. */
  text: string
}

/**
 * Creates a named prepared statement that runs on the pool, at a fifth of its cost through Prisma.
 * The text refers to its parameters as `:publicId` and is compiled once. Throws if a parameter is
 * not declared, or is declared and not used. Each name belongs to one text.
 */
export function statement<const Types extends ParameterTypes>(
  name: string,
  types: Types,
  text: string,
): Statement<Types> {
  const names = Object.keys(types)
  const compiled = compile(text, types)
  const run = async <Row extends QueryResultRow>(values: Readonly<Record<string, unknown>>) => {
    const query = { name, text: compiled, values: names.map((each) => values[each]) }
    const { rows } = await pool().query<Row>(query)
    return rows
  }
  return Object.assign(run, { text })
}

// Matches comments, the four kinds of quotes, and casts first, so that a colon in them does not
// begin a parameter. A colon right after a word or a bracket belongs to an array slice.
const TOKEN =
  /--.*|\/\*[\s\S]*?\*\/|(?<!\w)E'(?:[^'\\]|\\.|'')*'|'[^']*'|"[^"]*"|\$([a-z_]\w*)?\$[\s\S]*?\$\1\$|::|(?<![\w)\]]):([a-z_]\w*)|\$\d+/gi

/** Replaces each `:name` with its number, in the order of the declaration, and its type. */
export function compile(text: string, types: ParameterTypes): string {
  const numbered = Object.entries(types).map(
    ([name, type], index) => [name, `($${index + 1}::${type.replace(" | null", "")})`] as const,
  )
  const replacements = new Map<string, string>(numbered)
  const unused = new Set(replacements.keys())
  const compiled = text.replace(TOKEN, (token: string, _tag: unknown, name?: string) => {
    if (/^\$\d/.test(token)) throw new Error(`${token} in a statement: name the parameter`)
    if (name === undefined) return token
    const replacement = replacements.get(name)
    if (!replacement) throw new Error(`The statement declares no parameter :${name}`)
    unused.delete(name)
    return replacement
  })
  if (unused.size > 0) throw new Error(`The statement does not use :${[...unused].join(", :")}`)
  return compiled
}
