import type { DbClient } from "#lib/adapters/database/db-client.ts"
import { SetupError } from "#lib/adapters/errors.ts"

/** A table that stores rows. A partitioned table stores none; its partitions are listed. */
export type Table = {
  /** Its schema and its name, quoted. */
  name: string
  /** The names of the columns that are stored, quoted. */
  columns: string
  /** The names and types of all columns, sorted by name. */
  shape: string
  /** For a partition: its partitioned table and its bounds. */
  partition: { parent: string; bound: string } | null
  bytes: number
}

type Row = Omit<Table, "partition" | "bytes"> & {
  parent: string | null
  bound: string | null
  bytes: string
}

/** Lists the tables of a database, including those of the job queue. */
export async function listTables(client: DbClient): Promise<Table[]> {
  const { rows } = await client.query<Row>(`
    SELECT format('%I.%I', nspname, relname) AS name,
      string_agg(quote_ident(attname), ', ' ORDER BY attnum) FILTER (WHERE attgenerated = '')
        AS columns,
      string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attname)
        AS shape,
      (SELECT format('%I.%I', n.nspname, p.relname)
       FROM pg_inherits JOIN pg_class p ON p.oid = inhparent JOIN pg_namespace n ON n.oid = p.relnamespace
       WHERE inhrelid = c.oid) AS parent,
      pg_get_expr(relpartbound, c.oid) AS bound,
      pg_table_size(c.oid) AS bytes
    FROM pg_class c JOIN pg_namespace ON pg_namespace.oid = relnamespace
      JOIN pg_attribute ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
    WHERE relkind = 'r' AND relpersistence <> 't'
      AND nspname NOT IN ('pg_catalog', 'information_schema')
    GROUP BY c.oid, nspname, relname, relpartbound
    ORDER BY 1`)
  return rows.map(({ parent, bound, bytes, ...table }) => ({
    ...table,
    partition: parent && bound ? { parent, bound } : null,
    bytes: Number(bytes),
  }))
}

/** Throws a SetupError if the tables of two databases differ. */
export function requireSameTables(here: Table[], there: Table[]) {
  const shapes = new Map(there.map(({ name, shape }) => [name, shape]))
  const names = new Set(here.map(({ name }) => name))
  const different = [
    ...here.filter(({ name, shape }) => shapes.get(name) !== shape).map(({ name }) => name),
    ...there.map(({ name }) => name).filter((name) => !names.has(name)),
  ]
  if (different.length === 0) return
  throw new SetupError(
    `The database has tables that this version of Lapse does not know, or knows otherwise (${different.slice(0, 3).join(", ")}): move what is yours to a database of its own, and start again.`,
  )
}
