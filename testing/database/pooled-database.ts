import path from "node:path"
import { startPostgres } from "#server/embedded/postgres.ts"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { startPgBouncer } from "./pgbouncer.ts"

/** A new, empty database and a PgBouncer in transaction mode in front of it. */
export type PooledDatabase = {
  /** The URL that bypasses the pooler. */
  directUrl: string
  pooledUrl: string
  stop: () => Promise<void>
}

/** Starts both. The pooler has `poolSize` connections to the database. */
export async function startPooledDatabase(poolSize: number): Promise<PooledDatabase> {
  const place = makeFastDirectory()
  const directory = path.join(place.path, "postgres")
  const postgres = await startPostgres({ directory, durable: false })
  const pooler = await startPgBouncer(postgres.url, { default_pool_size: String(poolSize) })
  return {
    directUrl: postgres.url,
    pooledUrl: pooler.urlOf("lapse"),
    async stop() {
      await pooler.stop()
      await postgres.stop()
      place.remove()
    },
  }
}
