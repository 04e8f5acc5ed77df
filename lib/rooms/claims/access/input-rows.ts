import "server-only"
import type { ParameterTypes, ValuesOf } from "#lib/adapters/database/statement.ts"

/** Array parameters of equal length. Each becomes a column of a statement's request rows. */
export type Columns = Readonly<Record<string, `${string}[]`>> & ParameterTypes

type RowOf<Types extends Columns> = {
  readonly [Name in keyof Types]: ValuesOf<Types>[Name] extends readonly (infer Element)[]
    ? Element
    : never
}

const columnOf = (parameter: string) => parameter.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)

export const namesOf = (columns: Columns) => Object.keys(columns).map(columnOf)

/** A query named `name` that returns a statement's request rows, numbered by `place` from 1. */
export const inputRows = (name: string, columns: Columns) => `${name} AS (
  -- The subselects hide the lengths from the planner, so that it keeps its generic plan.
  SELECT * FROM unnest(${Object.keys(columns)
    .map((parameter) => `(SELECT :${parameter})`)
    .join(", ")})
    WITH ORDINALITY AS a (${[...namesOf(columns), "place"].join(", ")})
)`

/** Turns the rows into the arrays that are the statement's parameters. */
export function arraysOf<const Types extends Columns>(
  columns: Types,
  rows: readonly RowOf<Types>[],
): ValuesOf<Types> {
  const arrays: unknown[][] = Object.keys(columns).map((name) => [
    name,
    rows.map((row) => row[name]),
  ])
  return Object.fromEntries(arrays)
}
