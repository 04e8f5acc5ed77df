import "server-only"
import { pool } from "#lib/adapters/database.ts"

export type Query = <Row>(text: string, values?: unknown[]) => Promise<Row[]>

/** Runs reads in one snapshot, which concurrent writes do not change. */
export async function inSnapshot<Result>(work: (query: Query) => Promise<Result>): Promise<Result> {
  const client = await pool().connect()
  const query: Query = async <Row>(text: string, values: unknown[] = []) =>
    (await client.query(text, values)).rows as Row[] // the caller names the type of its columns
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    const result = await work(query)
    await client.query("COMMIT")
    client.release()
    return result
  } catch (error) {
    client.release(true)
    throw error
  }
}
