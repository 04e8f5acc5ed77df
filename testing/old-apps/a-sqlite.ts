import { mkdirSync } from "node:fs"
import path from "node:path"
import { DatabaseSync } from "node:sqlite"

type Value = string | number | bigint | null | Uint8Array
export type Row = Record<string, Value>

/** Creates a SQLite database with these tables: the columns of each, as SQL. */
export function aSqlite(file: string, tables: Record<string, string>) {
  mkdirSync(path.dirname(file), { recursive: true })
  const database = new DatabaseSync(file)
  for (const [name, columns] of Object.entries(tables))
    database.exec(`CREATE TABLE "${name}" (${columns})`)
  return {
    insert(table: string, row: Row) {
      const names = Object.keys(row)
      database
        .prepare(
          `INSERT INTO "${table}" (${names.map((name) => `"${name}"`).join(", ")})
           VALUES (${names.map(() => "?").join(", ")})`,
        )
        .run(...Object.values(row))
    },
    exec: (text: string) => database.exec(text),
    close: () => database.close(),
  }
}
