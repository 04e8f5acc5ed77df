import "server-only"
import { PrismaPg } from "@prisma/adapter-pg"
import pg from "pg"
import { Prisma, PrismaClient } from "#prisma/generated/client.ts"
import { DB_TIMEOUTS } from "./db-timeouts.ts"
import { log } from "./log.ts"
import { settings } from "./settings.ts"

// Next's bundle and natively loaded code are two instances of this module; the process has one
// pool.
const held = globalThis as typeof globalThis & { lapsePool?: pg.Pool; lapseDb?: PrismaClient }

function connect() {
  const pool = new pg.Pool({
    connectionString: settings.DATABASE_URL,
    max: 16,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    ...DB_TIMEOUTS,
    application_name: "lapse",
  })
  pool.on("error", (error) => {
    if (!pool.ending) log.warn({ error }, "a database connection was lost")
  })
  return pool
}

/** The pool that Prisma and statement.ts use. Connects at first use. */
export function pool() {
  held.lapsePool ??= connect()
  return held.lapsePool
}

function client() {
  held.lapseDb ??= new PrismaClient({
    adapter: new PrismaPg(pool()),
    errorFormat: "minimal", // errors go to the log, so their messages must not contain values
    // Prisma's defaults of 2 and 5 seconds are too short for a burst.
    transactionOptions: { maxWait: 10_000, timeout: 40_000 },
  })
  return held.lapseDb
}

// Lazy, so that `next build` can import this without a database.
export const db = new Proxy({} as PrismaClient, {
  get: (_, property) => Reflect.get(client(), property),
})

export type { QueryResultRow } from "pg"
export { Prisma }

/**
 * For raw statements: sql binds every value of its template as a parameter, rawSql inserts text.
 */
export const { sql, raw: rawSql, join: joinSql, empty: noSql } = Prisma
export type Sql = Prisma.Sql

export type Tx = Parameters<Parameters<PrismaClient["$transaction"]>[0]>[0]

/** Ends every connection of this process. */
export async function disconnect() {
  await held.lapseDb?.$disconnect()
  await held.lapsePool?.end()
  delete held.lapseDb
  delete held.lapsePool
}
