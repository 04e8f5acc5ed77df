import path from "node:path"
import type { TestProject } from "vitest/node"
import { generateClient } from "#server/build/generate-client.ts"
import { startPostgres } from "#server/embedded/postgres.ts"
import { startPgBouncer } from "#testing/database/pgbouncer.ts"
import { copyTemplateCluster } from "#testing/database/template-cluster.ts"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { startStore } from "#testing/store/start-store.ts"
import type { TestStore } from "./test-environment.ts"

declare module "vitest" {
  export interface ProvidedContext {
    postgres: string
    /** The URL through a pooler; null if the run has none. */
    pooler: string | null
    store: TestStore
  }
}

/** Few server connections, so that statements of one client connection use several servers. */
const POOLED = { default_pool_size: "4" }

/**
 * Vitest's global setup: starts one temporary PostgreSQL and one object store for all workers of a
 * run. With LAPSE_TEST_POOLER the app reaches PostgreSQL through a PgBouncer in transaction mode.
 */
export default async function startServers(project: TestProject) {
  const directory = makeFastDirectory()
  const [postgres, { store, stop: stopStore }] = await Promise.all([
    startDatabase(path.join(directory.path, "postgres")),
    startStore(path.join(directory.path, "objects")),
    generateClient(),
  ])
  const pooler = process.env.LAPSE_TEST_POOLER ? await startPgBouncer(postgres.url, POOLED) : null
  project.provide("postgres", postgres.urlOf("postgres"))
  project.provide("pooler", pooler?.urlOf("postgres") ?? null)
  project.provide("store", store)
  return async () => {
    await pooler?.stop()
    await Promise.all([stopStore(), postgres.stop()])
    directory.remove()
  }
}

async function startDatabase(directory: string) {
  await copyTemplateCluster(directory)
  return startPostgres({ directory, durable: false })
}
