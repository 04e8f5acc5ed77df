import { setTimeout as sleep } from "node:timers/promises"
import pg from "pg"
import { type DbClient, REQUESTS } from "#lib/database/db-client.ts"

/**
 * What Lapse needs of whatever stands between it and PostgreSQL. `statements`: what requests use,
 * which a pooler in transaction mode can serve. `sessions`: locks and notifications that last
 * longer than a transaction, for jobs and migrations.
 */
export type Need = "statements" | "sessions"

const ROUNDS = 3
const HELD_MS = 500
/** Code 42P05, 26000: another session's statement of that name, or none. */
const LOST_STATEMENT = /^(42P05|26000)$/
const PROBE = "lapse_check"

/**
 * Tries out on two new connections whether they have it; returns the sentence that says what to do
 * about it, or null. Both run nothing else meanwhile.
 */
export async function missesNeed(need: Need, one: DbClient, other: DbClient) {
  return need === "sessions" ? missesSessions(one, other) : missesStatements(one, other)
}

/** Connections that are used in turn have servers of their own, which do not change. */
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

/** A cut off finds the claims that are under way by the name (lib/cut-offs/live-urls/wait-for-claims.ts). */
async function missesName(client: DbClient) {
  const { rows } = await client.query<{ name: string }>(
    "SELECT current_setting('application_name') AS name",
  )
  const name = rows[0]?.name
  if (name === REQUESTS) return null
  return `makes the name of the application "${name}", and Lapse finds its own statements by "${REQUESTS}": take application_name out of the address, or set application_name_add_host = 0 in PgBouncer. A pooler that cannot pass it on cannot be used.`
}

/** Each has a statement of that name, and finds it again though another connection was served. */
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
    if (!(error instanceof pg.DatabaseError && LOST_STATEMENT.test(error.code ?? ""))) throw error
    return "leads through a pooler that mixes up prepared statements: use PgBouncer 1.21 or newer with max_prepared_statements = 200, or name the server itself."
  }
}
