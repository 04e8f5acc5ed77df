import { setTimeout as sleep } from "node:timers/promises"
import { type DbClient, REQUESTS } from "#lib/adapters/database/db-client.ts"
import { codeOf } from "#lib/adapters/errors.ts"

/**
 * The features that a connection to PostgreSQL, perhaps through a pooler, must support.
 * `statements`: the queries of requests, for which transaction mode is enough. `sessions`: locks
 * and notifications that last longer than a transaction, for jobs and migrations.
 */
export type Need = "statements" | "sessions"

const ROUNDS = 3
const HELD_MS = 500
/** A prepared statement's errors: its name is in use (42P05), or unknown (26000). */
const LOST_STATEMENT = /^(42P05|26000)$/
const PROBE = "lapse_check"

/**
 * Tests a need with two new connections, which nothing else may use meanwhile. Returns a sentence
 * that says what to change, or null if the need is met.
 */
export async function missesNeed(need: Need, one: DbClient, other: DbClient) {
  return need === "sessions" ? missesSessions(one, other) : missesStatements(one, other)
}

/** Tests that two connections that are used alternately keep separate server processes. */
async function missesSessions(one: DbClient, other: DbClient) {
  for (let round = 0; round < ROUNDS; round++) {
    const first = await pidOf(one)
    await other.query("BEGIN")
    const second = await pidOf(other)
    const again = first === second ? first : await pidOf(one)
    await other.query("ROLLBACK")
    if (first === second || first !== again)
      return "leads through a pooler in transaction mode, where locks and notifications of jobs get lost: name the server itself in DATABASE_DIRECT_URL."
  }
  return null
}

async function pidOf(client: DbClient) {
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid")
  return rows[0]?.pid
}

async function missesStatements(one: DbClient, other: DbClient) {
  return (await missesName(one)) ?? (await missesPrepared(one, other))
}

/** Tests that the application name passes, by which wait-for-claims.ts finds running claims. */
async function missesName(client: DbClient) {
  const { rows } = await client.query<{ name: string }>(
    "SELECT current_setting('application_name') AS name",
  )
  const name = rows[0]?.name
  if (name === REQUESTS) return null
  return `makes the name of the application "${name}", and Lapse finds its own statements by "${REQUESTS}": take application_name out of the address, or set application_name_add_host = 0 in PgBouncer. A pooler that cannot pass it on cannot be used.`
}

/** Tests that each connection keeps its prepared statement while the other connection is used. */
async function missesPrepared(one: DbClient, other: DbClient) {
  try {
    await one.query({ name: PROBE, text: "SELECT 1" })
    await other.query({ name: PROBE, text: "SELECT 2" })
    await other.query("BEGIN")
    const again = one.query({ name: PROBE, text: "SELECT 1" })
    // A pooler with a single connection to the server has none left until this one is free again.
    await Promise.race([again.catch(() => {}), sleep(HELD_MS)])
    await other.query("ROLLBACK")
    await again
    return null
  } catch (error) {
    if (!LOST_STATEMENT.test(codeOf(error))) throw error
    return "leads through a pooler that mixes up prepared statements: use PgBouncer 1.21 or newer with max_prepared_statements = 200, or name the server itself."
  }
}
