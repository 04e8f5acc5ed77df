import pg from "pg"
import { afterAll, beforeAll, beforeEach, inject, vi } from "vitest"
import { testEnvironment } from "./test-environment.ts"

// One database per worker, emptied before each test. Runs before lib/settings.ts is imported.
const name = `lapse_worker_${process.env.VITEST_POOL_ID}`
const ofWorker = (server: string) => Object.assign(new URL(server), { pathname: `/${name}` })
const url = ofWorker(inject("postgres"))
const pooler = inject("pooler")
Object.assign(process.env, testEnvironment(ofWorker(pooler ?? url.href).href, inject("store")))
if (pooler) process.env.DATABASE_DIRECT_URL = url.href

const { settings } = await import("#lib/settings.ts")
const usual = { ...settings }
let client: pg.Client

beforeAll(async () => {
  const server = new pg.Client({ connectionString: inject("postgres") })
  await server.connect()
  const { rowCount } = await server.query("SELECT FROM pg_database WHERE datname = $1", [name])
  if (!rowCount) {
    // A database takes one copier at a time. To copy files is faster than to log their content.
    await server.query("SELECT pg_advisory_lock(1)")
    await server.query(`CREATE DATABASE ${name} TEMPLATE lapse STRATEGY file_copy`)
  }
  await server.end()
  client = new pg.Client({ connectionString: url.href })
  await client.connect()
})

beforeEach(async () => {
  // On small tables DELETE costs a hundredth of TRUNCATE, which makes new files.
  const { rows } = await client.query<{ name: string; large: boolean }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name,
            pg_relation_size(format('%I.%I', schemaname, tablename)::regclass) > 1e6 AS large
     FROM pg_tables
     WHERE schemaname = 'public' AND tablename NOT IN ('_prisma_migrations', 'installation')
        OR schemaname = 'graphile_worker' AND tablename IN ('_private_jobs', '_private_job_queues')`,
  )
  const emptied = rows.map(({ name, large }) =>
    large ? `TRUNCATE ${name} CASCADE` : `DELETE FROM ${name}`,
  )
  await client.query(
    [
      "SET session_replication_role = replica", // without foreign keys, so in any order
      ...emptied,
      `UPDATE installation SET setup_done_at = NULL, clock_difference_ms = 0, restored_at = NULL, views_rolled_to = NULL
       WHERE setup_done_at IS NOT NULL OR clock_difference_ms <> 0 OR restored_at IS NOT NULL
         OR views_rolled_to IS NOT NULL`,
    ].join(";"),
  )
})

/** The files of a worker share its modules: each leaves the app as it found it. */
afterAll(async () => {
  await client.end()
  const { disconnect } = await import("#lib/db.ts")
  await disconnect()
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  Object.assign(settings, usual)
  for (const name of Object.keys(globalThis).filter((name) => name.startsWith("lapse"))) {
    Reflect.deleteProperty(globalThis, name)
  }
})
