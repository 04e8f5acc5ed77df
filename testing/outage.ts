import type pg from "pg"
import { disconnect } from "#lib/db.ts"
import { CLIENT_TIMEOUTS, DB_TIMEOUTS } from "#lib/db-timeouts.ts"
import { settings } from "#lib/settings.ts"
import type { PrismaClient } from "#prisma/generated/client.ts"
import { type DatabaseProxy, startDatabaseProxy } from "./database-proxy.ts"

const held = globalThis as typeof globalThis & {
  lapseStorage?: object
  lapsePool?: pg.Pool
  lapseDb?: PrismaClient
  lapseLongPool?: pg.Pool
  lapseLongDb?: PrismaClient
}

/** Nothing listens on this port. */
const NOWHERE = "127.0.0.1:9"

/** Runs `work` while the app calls the store at `endpoint`: by default nothing listens there. */
export async function withStoreAt<Result>(
  work: () => Promise<Result>,
  endpoint = `http://${NOWHERE}`,
): Promise<Result> {
  const { S3_ENDPOINT } = settings
  const { lapseStorage } = held
  Object.assign(settings, { S3_ENDPOINT: endpoint })
  delete held.lapseStorage
  try {
    return await work()
  } finally {
    Object.assign(settings, { S3_ENDPOINT })
    Object.assign(held, { lapseStorage })
  }
}

/** Runs `work` while the app calls a database at `url`: by default nothing listens there. */
export async function withoutDatabase<Result>(
  work: () => Promise<Result>,
  url = `postgresql://lapse@${NOWHERE}/lapse`,
): Promise<Result> {
  const { DATABASE_URL } = settings
  const { lapsePool, lapseDb, lapseLongPool, lapseLongDb } = held
  Object.assign(settings, { DATABASE_URL: url })
  delete held.lapsePool
  delete held.lapseDb
  delete held.lapseLongPool
  delete held.lapseLongDb
  try {
    return await work()
  } finally {
    await disconnect()
    Object.assign(settings, { DATABASE_URL })
    Object.assign(held, { lapsePool, lapseDb, lapseLongPool, lapseLongDb })
  }
}

/**
 * Runs `work` while the app reaches its database through a proxy that can go silent, with timeouts
 * ten times shorter than the real ones, unless HEAVY=1. `seconds` turns real seconds into
 * milliseconds of such a test.
 */
export async function throughProxy<Result>(
  work: (proxy: DatabaseProxy, seconds: (real: number) => number) => Promise<Result>,
): Promise<Result> {
  const factor = process.env.HEAVY ? 1 : 0.1
  const real = [{ ...DB_TIMEOUTS }, { ...CLIENT_TIMEOUTS }] as const
  const shorten = (all: Record<string, number>) =>
    Object.assign(
      all,
      Object.fromEntries(Object.entries(all).map(([name, ms]) => [name, ms * factor])),
    )
  const proxy = await startDatabaseProxy()
  shorten(DB_TIMEOUTS)
  shorten(CLIENT_TIMEOUTS)
  try {
    return await withoutDatabase(() => work(proxy, (seconds) => seconds * 1000 * factor), proxy.url)
  } finally {
    Object.assign(DB_TIMEOUTS, real[0])
    Object.assign(CLIENT_TIMEOUTS, real[1])
    proxy.stop()
  }
}
