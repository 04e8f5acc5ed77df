import { configuration } from "#lib/adapters/configuration.ts"
import { CLIENT_TIMEOUTS, DB_TIMEOUTS } from "#lib/adapters/database/db-timeouts.ts"
import { disconnect } from "#lib/adapters/database.ts"
import { type DatabaseProxy, startDatabaseProxy } from "./database/database-proxy.ts"
import { OWN_TIMEOUTS } from "./database/patience.ts"
import { withFresh } from "./forget-process-wide.ts"

/** The time that a busy machine may add to a limit, in milliseconds. */
export const BUSY_MS = 2_000

/** An address where nothing listens. */
const NOWHERE = "127.0.0.1:9"

/** Runs `work` while the app calls the store at `endpoint`; by default nothing listens there. */
export async function withStoreAt<Result>(
  work: () => Promise<Result>,
  endpoint = `http://${NOWHERE}`,
): Promise<Result> {
  const { S3_ENDPOINT } = configuration
  Object.assign(configuration, { S3_ENDPOINT: endpoint })
  try {
    return await withFresh("storage client", work)
  } finally {
    Object.assign(configuration, { S3_ENDPOINT })
  }
}

/** Runs `work` while the app calls a database at `url`; by default nothing listens there. */
export async function withoutDatabase<Result>(
  work: () => Promise<Result>,
  url = `postgresql://lapse@${NOWHERE}/lapse`,
): Promise<Result> {
  const { DATABASE_URL } = configuration
  Object.assign(configuration, { DATABASE_URL: url })
  try {
    return await withFresh("database clients", () => work().finally(disconnect))
  } finally {
    Object.assign(configuration, { DATABASE_URL })
  }
}

/**
 * Runs `work` while the app reaches its database through a proxy that can go silent, with timeouts
 * ten times shorter than the real ones, unless HEAVY=1. `seconds` converts real seconds to the
 * test's milliseconds.
 */
export async function throughProxy<Result>(
  work: (proxy: DatabaseProxy, seconds: (real: number) => number) => Promise<Result>,
): Promise<Result> {
  const factor = process.env.HEAVY ? 1 : 0.1
  const before = [{ ...DB_TIMEOUTS }, { ...CLIENT_TIMEOUTS }] as const
  const shorten = (all: Record<string, number>, own = all) =>
    Object.assign(
      all,
      Object.fromEntries(Object.entries(own).map(([name, ms]) => [name, ms * factor])),
    )
  const proxy = await startDatabaseProxy()
  shorten(DB_TIMEOUTS)
  shorten(CLIENT_TIMEOUTS, OWN_TIMEOUTS)
  try {
    return await withoutDatabase(() => work(proxy, (seconds) => seconds * 1000 * factor), proxy.url)
  } finally {
    Object.assign(DB_TIMEOUTS, before[0])
    Object.assign(CLIENT_TIMEOUTS, before[1])
    proxy.stop()
  }
}
