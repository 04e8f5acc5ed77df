import "server-only"
import { PrismaPg } from "@prisma/adapter-pg"
import type pg from "pg"
import { Prisma, PrismaClient } from "#prisma/generated/client.ts"
import { configuration } from "./configuration.ts"
import { createPool, REQUESTS } from "./database/db-client.ts"
import { CLIENT_TIMEOUTS, DB_TIMEOUTS, LONG_STATEMENT_MS } from "./database/db-timeouts.ts"
import { logOutage } from "./outages/outage-log.ts"
import { processWide } from "./process-wide.ts"

/** The maximum number of connections that all web processes of one start open together. */
const CONNECTIONS = 48
const LONG_CONNECTIONS = 8

/** Returns each process's maximum of connections. docs/operations/database.md has the sums. */
export const poolSizes = (webProcesses: number) => ({
  main: Math.min(16, Math.floor(CONNECTIONS / webProcesses)),
  long: Math.max(2, Math.min(4, Math.floor(LONG_CONNECTIONS / webProcesses))),
})

const KINDS = {
  requests: () => ({
    connectionString: configuration.DATABASE_URL,
    application_name: REQUESTS,
    max: poolSizes(configuration.WEB_PROCESSES).main,
    idleTimeoutMillis: 60_000,
    statement_timeout: DB_TIMEOUTS.statement_timeout,
  }),
  // One connection per use, because a long statement would notice late that an idle one had died.
  long: () => ({
    // like all jobs
    connectionString: configuration.DATABASE_DIRECT_URL ?? configuration.DATABASE_URL,
    application_name: "lapse-long",
    max: poolSizes(configuration.WEB_PROCESSES).long,
    idleTimeoutMillis: 500,
    statement_timeout: LONG_STATEMENT_MS,
  }),
}

type Client = { pool: pg.Pool; prisma: PrismaClient }

const clients = () => processWide("database clients", () => new Map<keyof typeof KINDS, Client>())

function connect(kind: keyof typeof KINDS): Client {
  const settings = { ...DB_TIMEOUTS, ...KINDS[kind]() }
  const answerTimeoutMillis = settings.statement_timeout + CLIENT_TIMEOUTS.margin
  const pool = createPool({ ...settings, answerTimeoutMillis })
  pool.on("error", (error) => {
    if (!pool.ending) logOutage(error, "A database connection was lost.")
  })
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool),
    errorFormat: "minimal", // errors go to the log, so their messages must not contain values
    // Prisma's defaults of 2 and 5 seconds are too short for a burst.
    transactionOptions: { maxWait: 10_000, timeout: 40_000 },
  })
  clients().set(kind, { pool, prisma })
  return { pool, prisma }
}

const client = (kind: keyof typeof KINDS) => clients().get(kind) ?? connect(kind)

/** The pool that Prisma and statement.ts use. Connects at first use. */
export const pool = () => client("requests").pool

// A proxy, so that `next build` can import this file without a database.
const prismaOf = (kind: keyof typeof KINDS) =>
  new Proxy({} as PrismaClient, {
    get: (_, property) => Reflect.get(client(kind).prisma, property),
  })

export const db = prismaOf("requests")

/** Prisma for statements that may take up to half a minute. No request may wait for one. */
export const longDb = prismaOf("long")

export type { QueryResultRow } from "pg"
export { Prisma }

/** Raw statements: `sql` binds each value in its template as a parameter, `rawSql` inserts text. */
export const { sql, raw: rawSql, join: joinSql, empty: noSql } = Prisma
export type Sql = Prisma.Sql

export type Tx = Parameters<Parameters<PrismaClient["$transaction"]>[0]>[0]

/** Ends every connection of this process. */
export async function disconnect() {
  const held = [...clients().values()]
  await Promise.all(held.map(({ prisma }) => prisma.$disconnect()))
  await Promise.all(held.map(({ pool }) => pool.end()))
  clients().clear()
}
