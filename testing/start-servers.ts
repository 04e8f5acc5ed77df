import path from "node:path"
import type { TestProject } from "vitest/node"
import { startPostgres } from "#server/embedded/postgres.ts"
import { generateClient } from "#server/generate-client.ts"
import { makeFastDirectory } from "./fast-directory.ts"
import { startStore } from "./start-store.ts"
import { copyTemplateCluster } from "./template-cluster.ts"
import type { TestStore } from "./test-environment.ts"

declare module "vitest" {
  export interface ProvidedContext {
    postgres: string
    store: TestStore
  }
}

/**
 * Vitest's global setup: one temporary PostgreSQL and one object store for all workers of a run.
 */
export default async function startServers(project: TestProject) {
  const directory = makeFastDirectory()
  const [postgres, { store, stop: stopStore }] = await Promise.all([
    startDatabase(path.join(directory.path, "postgres")),
    startStore(path.join(directory.path, "objects")),
    generateClient(),
  ])
  project.provide("postgres", postgres.urlOf("postgres"))
  project.provide("store", store)
  return async () => {
    await Promise.all([stopStore(), postgres.stop()])
    directory.remove()
  }
}

async function startDatabase(directory: string) {
  await copyTemplateCluster(directory)
  return startPostgres({ directory, durable: false })
}
