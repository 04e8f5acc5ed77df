import "server-only"
import { existsSync } from "node:fs"
import path from "node:path"
import { DatabaseSync } from "node:sqlite"
import { z } from "zod"
import { SetupError } from "#lib/adapters/errors.ts"
import type { LeftOut } from "./source.ts"

export type Tables = {
  /** The app's own directory, which contains the database, directly or in a folder. */
  root: string
  /** Reads the rows of a table. Leaves out rows that do not match the schema. */
  read: <Schema extends z.ZodType>(table: string, schema: Schema) => z.infer<Schema>[]
  leftOut: LeftOut[]
}

type Wanted = {
  app: string
  /** The possible paths of the database below the directory, each with the app's own directory. */
  places: { file: string; root: string }[]
  /** A table by which the app is recognised. */
  table: string
}

/**
 * Opens an app's SQLite database read-only, in one snapshot, and passes its tables to `work`.
 * Throws a SetupError if there is none, or if it belongs to another app.
 */
export function withTables<Result>(
  directory: string,
  { app, places, table }: Wanted,
  work: (tables: Tables) => Result,
): Result {
  const place = places.find(({ file }) => existsSync(path.join(directory, file)))
  if (!place) {
    const names = places.map(({ file }) => file).join(" or ")
    throw new SetupError(
      `${directory} has no ${names}: name the directory that ${app} keeps its data in.`,
    )
  }
  const file = path.join(directory, place.file)
  try {
    const database = new DatabaseSync(file, { readOnly: true })
    try {
      database.exec("BEGIN")
      if (!columnsOf(database, table)) throw new SetupError(`${file} is no database of ${app}.`)
      const leftOut: LeftOut[] = []
      const root = path.join(directory, place.root)
      return work({
        root,
        leftOut,
        read: (name, schema) => rowsOf(database, name, schema, leftOut),
      })
    } finally {
      database.close()
    }
  } catch (error) {
    throw isSqliteError(error)
      ? new SetupError(
          `${file} cannot be read (${error.message}): stop ${app}, copy its data directory, and import the copy.`,
          { cause: error },
        )
      : error
  }
}

const isSqliteError = (error: unknown): error is Error =>
  error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR"

const columnsOf = (database: DatabaseSync, table: string) =>
  database.prepare("SELECT count(*) AS columns FROM pragma_table_info(?)").get(table)?.columns !== 0

/** A table that does not exist in an older version of the app counts as empty. */
function rowsOf<Schema extends z.ZodType>(
  database: DatabaseSync,
  table: string,
  schema: Schema,
  leftOut: LeftOut[],
): z.infer<Schema>[] {
  if (!columnsOf(database, table)) return []
  const statement = database.prepare(`SELECT * FROM "${table}"`)
  statement.setReadBigInts(true)
  return statement.all().flatMap((row) => {
    const parsed = schema.safeParse(row)
    if (parsed.success) return [parsed.data]
    const id = typeof row.id === "string" ? row.id : "?"
    leftOut.push({ what: `${table} ${id}`, why: "the row is damaged" })
    return []
  })
}

/** A column that may not exist in an older version of the app. */
export const orNull = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? null)

const MAX = BigInt(Number.MAX_SAFE_INTEGER)

export const Whole = z
  .union([
    z.bigint(),
    z
      .string()
      .regex(/^\d{1,16}$/)
      .transform(BigInt),
  ])
  .refine((value) => value >= 0n && value <= MAX)
  .transform(Number)

/** Replaces an unreadable password hash. No password matches it, so the share stays locked. */
export const DAMAGED = "damaged"

/** The conditions of a share. If a value cannot be read, the share is closed. */
export const Conditions = {
  password: z
    .string()
    .nullish()
    .transform((value) => value ?? null)
    .catch(DAMAGED),
  maxViews: Whole.nullish()
    .transform((value) => value || null) // in the apps, 0 means no limit
    .catch(1),
}

export const Flag = z.bigint().transform((value) => value !== 0n)

/** Prisma writes times to SQLite as milliseconds, and SQLite itself writes them as text in UTC. */
export const Time = z
  .union([
    z.bigint().transform(Number),
    z
      .string()
      .transform((text) => Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`)),
  ])
  .refine((ms) => Math.abs(ms) <= 8.64e15)
  .transform((ms) => new Date(ms))
