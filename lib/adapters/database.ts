import "server-only"
import { PrismaPg } from "@prisma/adapter-pg"
import type pg from "pg"
import { Prisma, PrismaClient } from "#prisma/generated/client.ts"
import { configuration } from "./configuration.ts"
import { createPool, REQUESTS } from "./database/db-client.ts"
import { CLIENT_TIMEOUTS, DB_TIMEOUTS, LONG_STATEMENT_MS } from "./database/db-timeouts.ts"
import { logOutage } from "./outages/outage-log.ts"
import { processWide } from "./process-wide.ts"

type Clients = { pool?: pg.Pool; db?: PrismaClient; longPool?: pg.Pool; longDb?: PrismaClient }

const clients = () => processWide("database clients", (): Clients => ({}))

/**
 * The number of connections that the web processes of one start open together, so that others have
 * room in the database.
 */
const CONNECTIONS = 48
const LONG_CONNECTIONS = 8

/** How many connections each process of a start may open; docs/operations/database.md has the sums. */
export const poolSizes = (webProcesses: number) => ({
  main: Math.min(16, Math.floor(CONNECTIONS / webProcesses)),
  long: Math.max(2, Math.min(4, Math.floor(LONG_CONNECTIONS / webProcesses))),
})

type Kind = {
  url: string
  name: string
  max: number
  idleTimeoutMillis: number
  statementMs: number
}

function connect({ url, name, max, idleTimeoutMillis, statementMs }: Kind) {
  const pool = createPool({
    connectionString: url,
    max,
    idleTimeoutMillis,
    ...DB_TIMEOUTS,
    statement_timeout: statementMs,
    answerTimeoutMillis: statementMs + CLIENT_TIMEOUTS.margin,
    application_name: name,
  })
  pool.on("error", (error) => {
    if (!pool.ending) logOutage(error, "A database connection was lost.")
  })
  return pool
}

/** The pool that Prisma and statement.ts use. Connects at first use. */
export function pool() {
  const held = clients()
  held.pool ??= connect({
    url: configuration.DATABASE_URL,
    name: REQUESTS,
    max: poolSizes(configuration.WEB_PROCESSES).main,
    idleTimeoutMillis: 60_000,
    statementMs: DB_TIMEOUTS.statement_timeout,
  })
  return held.pool
}

// Opens a connection for each use, so that none can die while it is idle: long statements would
// notice that late.
function longPool() {
  const held = clients()
  held.longPool ??= connect({
    url: configuration.DATABASE_DIRECT_URL ?? configuration.DATABASE_URL, // as all jobs do
    name: "lapse-long",
    max: poolSizes(configuration.WEB_PROCESSES).long,
    idleTimeoutMillis: 500,
    statementMs: LONG_STATEMENT_MS,
  })
  return held.longPool
}

const prismaOn = (pool: pg.Pool) =>
  new PrismaClient({
    adapter: new PrismaPg(pool),
    errorFormat: "minimal", // errors go to the log, so their messages must not contain values
    // Prisma's defaults of 2 and 5 seconds are too short for a burst.
    transactionOptions: { maxWait: 10_000, timeout: 40_000 },
  })

function client() {
  const held = clients()
  held.db ??= prismaOn(pool())
  return held.db
}

function longClient() {
  const held = clients()
  held.longDb ??= prismaOn(longPool())
  return held.longDb
}

// A proxy, so that `next build` can import this file without a database.
export const db = new Proxy({} as PrismaClient, {
  get: (_, property) => Reflect.get(client(), property),
})

/** Prisma for statements that may take up to half a minute. No request may wait for one. */
export const longDb = new Proxy({} as PrismaClient, {
  get: (_, property) => Reflect.get(longClient(), property),
})

export type { QueryResultRow } from "pg"
export { Prisma }

/** Raw statements: sql binds every value of its template as a parameter, rawSql inserts text. */
export const { sql, raw: rawSql, join: joinSql, empty: noSql } = Prisma
export type Sql = Prisma.Sql

export type Tx = Parameters<Parameters<PrismaClient["$transaction"]>[0]>[0]

/** Ends every connection of this process. */
export async function disconnect() {
  const held = clients()
  await Promise.all([held.db?.$disconnect(), held.longDb?.$disconnect()])
  await Promise.all([held.pool?.end(), held.longPool?.end()])
  for (const name of ["db", "longDb", "pool", "longPool"] as const) delete held[name]
}
