import type pg from "pg"
import { disconnect } from "#lib/db.ts"
import { settings } from "#lib/settings.ts"
import type { PrismaClient } from "#prisma/generated/client.ts"

const held = globalThis as typeof globalThis & {
  lapseStorage?: object
  lapsePool?: pg.Pool
  lapseDb?: PrismaClient
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
  const { lapsePool, lapseDb } = held
  Object.assign(settings, { DATABASE_URL: url })
  delete held.lapsePool
  delete held.lapseDb
  try {
    return await work()
  } finally {
    await disconnect()
    Object.assign(settings, { DATABASE_URL })
    Object.assign(held, { lapsePool, lapseDb })
  }
}
