// Next reads AsyncLocalStorage from the global object, which its server sets.
import "next/dist/server/node-environment-baseline.js"
import pg from "pg"
import { afterAll, beforeAll, beforeEach, inject, vi } from "vitest"
import { testEnvironment } from "#testing/run/test-environment.ts"

// Creates one database per worker, which is emptied before each test. Runs before
// lib/adapters/configuration.ts is imported.
const name = `lapse_worker_${process.env.VITEST_POOL_ID}`
const ofWorker = (server: string) => Object.assign(new URL(server), { pathname: `/${name}` })
const url = ofWorker(inject("postgres"))
const pooler = inject("pooler")
Object.assign(process.env, testEnvironment(ofWorker(pooler ?? url.href).href, inject("store")))
if (pooler) process.env.DATABASE_DIRECT_URL = url.href

await import("./patience.ts")
const { configuration: settings } = await import("#lib/adapters/configuration.ts")
const usual = { ...settings }
let client: pg.Client

beforeAll(async () => {
  const server = new pg.Client({ connectionString: inject("postgres") })
  await server.connect()
  const { rowCount } = await server.query("SELECT FROM pg_database WHERE datname = $1", [name])
  if (!rowCount) {
    // Only one client can copy a database at a time. Copying files is faster than logging their
    // content.
    await server.query("SELECT pg_advisory_lock(1)")
    await server.query(`CREATE DATABASE ${name} TEMPLATE lapse STRATEGY file_copy`)
  }
  await server.end()
  client = new pg.Client({ connectionString: url.href })
  await client.connect()
  await prepareEmptying()
})

beforeEach(async () => {
  await client.query("SELECT pg_temp.empty_tables()")
})

/**
 * Creates a function that empties the tables which hold rows, so that a test costs one round trip
 * and no planning. A partitioned table represents its partitions, which tests create and drop.
 */
async function prepareEmptying() {
  const { rows } = await client.query<{ name: string }>(
    `SELECT oid::regclass::text AS name FROM pg_class
     WHERE relkind IN ('r', 'p') AND NOT relispartition
       AND (relnamespace = 'public'::regnamespace
              AND relname NOT IN ('_prisma_migrations', 'installation')
            OR relnamespace = 'graphile_worker'::regnamespace
              AND relname IN ('_private_jobs', '_private_job_queues'))`,
  )
  // On small tables DELETE costs a hundredth of TRUNCATE, which creates new files.
  const emptied = rows.map(
    ({ name }) => `
      IF EXISTS (SELECT FROM ${name}) THEN
        SELECT coalesce(sum(pg_relation_size(relid)), 0) INTO bytes
          FROM pg_partition_tree('${name}');
        IF bytes > 1e6 THEN TRUNCATE ${name} CASCADE; ELSE DELETE FROM ${name}; END IF;
      END IF;`,
  )
  await client.query(
    `SET session_replication_role = replica; -- without foreign keys, so in any order
     CREATE FUNCTION pg_temp.empty_tables() RETURNS void LANGUAGE plpgsql AS $$
     DECLARE bytes numeric;
     BEGIN
       ${emptied.join("")}
       UPDATE installation SET setup_done_at = NULL, clock_difference_ms = 0, restored_at = NULL, views_rolled_to = NULL,
         retention_night = NULL
       WHERE setup_done_at IS NOT NULL OR clock_difference_ms <> 0 OR restored_at IS NOT NULL
         OR views_rolled_to IS NOT NULL OR retention_night IS NOT NULL;
     END $$`,
  )
}

/** The files of a worker share its modules, so each must leave the app as it found it. */
afterAll(async () => {
  await client.end()
  const { disconnect } = await import("#lib/adapters/database.ts")
  await disconnect()
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  Object.assign(settings, usual)
  for (const name of Object.keys(globalThis).filter((name) => name.startsWith("lapse"))) {
    Reflect.deleteProperty(globalThis, name)
  }
})
