import { fork } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { CreateBucketCommand, PutBucketCorsCommand, S3Client } from "@aws-sdk/client-s3"
import pg from "pg"
import type { TestProject } from "vitest/node"
import { installQueue } from "#lib/jobs/install-queue.ts"
import type { Environment } from "#lib/settings-table.ts"
import { migrate } from "#prisma/migrate.ts"
import { corsRule } from "#server/embedded/object-store.ts"
import { startPostgres } from "#server/embedded/postgres.ts"
import { generateClient } from "#server/generate-client.ts"
import { startCeph } from "./ceph.ts"

/** The database every worker's own is a copy of. */
export const TEMPLATE = "lapse_template"

declare module "vitest" {
  export interface ProvidedContext {
    postgres: string
    store: TestStore
  }
}

export type TestStore = { endpoint: string; accessKeyId: string; secretAccessKey: string }

const APP_URL = "http://localhost:3000"

const BUCKET = "lapse"
const KEYS = {
  accessKeyId: "LAPSETESTACCESSKEY00",
  secretAccessKey: "lapse-test-secret-access-key",
}

/** Vitest's global setup: one throw-away PostgreSQL and one embedded object store for all workers. */
export default async function startServers(project: TestProject) {
  await generateClient()
  const directory = mkdtempSync(path.join(tmpdir(), "lapse-test-"))
  const postgres = await startPostgres({
    directory: path.join(directory, "postgres"),
    durable: false,
  })
  const template = postgres.urlOf(TEMPLATE)
  await run(postgres.urlOf("postgres"), `CREATE DATABASE ${TEMPLATE}`)
  await migrate(template)
  await installQueue(template)
  const store = await startStore(path.join(directory, "objects"))

  project.provide("postgres", postgres.urlOf("postgres"))
  const { stop: _, ...keys } = store
  project.provide("store", keys)
  return async () => {
    await store.stop()
    await postgres.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

async function run(url: string, sql: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(sql).finally(() => client.end())
}

/** The embedded store, or with LAPSE_TEST_STORE=ceph Ceph's, with a bucket as the app expects one. */
async function startStore(directory: string): Promise<TestStore & { stop(): Promise<void> }> {
  const store =
    process.env.LAPSE_TEST_STORE === "ceph" ? await startCeph() : await startEmbedded(directory)
  const { endpoint, accessKeyId, secretAccessKey, stop } = store
  const client = new S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  })
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }))
  const CORSRules = [corsRule(APP_URL)]
  await client.send(new PutBucketCorsCommand({ Bucket: BUCKET, CORSConfiguration: { CORSRules } }))
  client.destroy()
  return { endpoint, accessKeyId, secretAccessKey, stop }
}

async function startEmbedded(directory: string) {
  const program = path.join(import.meta.dirname, "../packages/local-s3/main.ts")
  const child = fork(program, ["--dir", directory, "--port", "0", "--host", "127.0.0.1"], {
    execArgv: ["--import", path.join(import.meta.dirname, "../server/server-only.mjs")],
    env: {
      ...process.env,
      LOCAL_S3_ACCESS_KEY_ID: KEYS.accessKeyId,
      LOCAL_S3_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
    },
  })
  const port = await new Promise<number>((resolve, reject) => {
    child.once("message", (message: { listening: number }) => resolve(message.listening))
    child.once("exit", (code) => reject(new Error(`The object store ended with ${code}.`)))
  })
  return {
    endpoint: `http://127.0.0.1:${port}`,
    ...KEYS,
    stop: () =>
      new Promise<void>((resolve) => {
        child.once("exit", () => resolve())
        child.kill()
      }),
  }
}

/** The settings of the app in a test. */
export function testEnvironment(database: string, store: TestStore): Environment {
  return {
    APP_URL,
    DATABASE_URL: database,
    S3_BUCKET: BUCKET,
    S3_REGION: "us-east-1",
    S3_ENDPOINT: store.endpoint,
    S3_FORCE_PATH_STYLE: "true",
    AWS_ACCESS_KEY_ID: store.accessKeyId,
    AWS_SECRET_ACCESS_KEY: store.secretAccessKey,
    AUTH_SECRET: "an auth secret that only tests use, nobody else",
    LINK_SECRET: "a-link-secret-that-only-tests-use-nobody-else",
  }
}
