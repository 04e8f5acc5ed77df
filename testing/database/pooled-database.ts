import { startPgBouncer } from "./pgbouncer.ts"
import { startTemporaryDatabase } from "./temporary-database.ts"

/** A new, empty database and a PgBouncer in transaction mode in front of it. */
export type PooledDatabase = {
  /** The URL that bypasses the pooler. */
  directUrl: string
  pooledUrl: string
  stop: () => Promise<void>
}

/** Starts both. The pooler has `poolSize` connections to the database. */
export async function startPooledDatabase(poolSize: number): Promise<PooledDatabase> {
  const postgres = await startTemporaryDatabase()
  const pooler = await startPgBouncer(postgres.url, { default_pool_size: String(poolSize) })
  return {
    directUrl: postgres.url,
    pooledUrl: pooler.urlOf("lapse"),
    async stop() {
      await pooler.stop()
      await postgres.stop()
    },
  }
}
