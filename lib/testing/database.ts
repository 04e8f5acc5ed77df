import { fork } from "node:child_process"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3"
import pg from "pg"
import type { TestProject } from "vitest/node"
import { generateClient } from "../../bin/generate-client.ts"
import { startPostgres } from "../../bin/postgres.ts"
import { migrate } from "../../prisma/migrate.ts"
import { installQueue } from "../jobs/install-queue.ts"

/** The database every worker's own is a copy of. */
export const TEMPLATE = "lapse_template"

declare module "vitest" {
  export interface ProvidedContext {
    postgres: string
    store: string
  }
}

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
  project.provide("store", store.endpoint)
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

async function startStore(directory: string) {
  const program = path.join(import.meta.dirname, "../local-s3/main.ts")
  if (!existsSync(program)) return { endpoint: "http://127.0.0.1:9", stop: async () => {} }
  const child = fork(program, ["--dir", directory, "--port", "0", "--host", "127.0.0.1"], {
    execArgv: ["--import", path.join(import.meta.dirname, "../../bin/server-only.mjs")],
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
  const endpoint = `http://127.0.0.1:${port}`
  const client = new S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: KEYS,
  })
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }))
  return {
    endpoint,
    stop: () =>
      new Promise<void>((resolve) => {
        child.once("exit", () => resolve())
        child.kill()
      }),
  }
}

/** What the app reads from the environment in a test. */
export function testEnvironment(database: string, store: string) {
  return {
    APP_URL: "http://localhost:3000",
    DATABASE_URL: database,
    S3_BUCKET: BUCKET,
    S3_REGION: "us-east-1",
    S3_ENDPOINT: store,
    S3_FORCE_PATH_STYLE: "true",
    AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
    AUTH_SECRET: "an auth secret that only tests use, nobody else",
    LINK_SECRET: "a-link-secret-that-only-tests-use-nobody-else",
  }
}
