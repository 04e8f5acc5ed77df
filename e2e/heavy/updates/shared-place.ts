import { fork } from "node:child_process"
import { once } from "node:events"
import path from "node:path"
import { CreateBucketCommand, PutBucketCorsCommand } from "@aws-sdk/client-s3"
import { test as base } from "@playwright/test"
import pg from "pg"
import { startTemporaryDatabase } from "#testing/database/temporary-database.ts"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import type { TestStore } from "#testing/run/test-environment.ts"
import { s3ClientFor } from "#testing/store/s3-client.ts"
import { ADMIN } from "../../installation/own-installation.ts"
import { type FaultyProxy, openFaultyProxy } from "../../network/faulty-proxy.ts"
import { openRoundRobin, type RoundRobin } from "../round-robin.ts"
import { type Starting, starting } from "./starting.ts"

type Place = {
  /** The settings of every machine. */
  settings: Record<string, string>
  query: <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>
  /** In front of the machines. */
  proxy: RoundRobin
  /** In front of the store, for browsers. */
  storeProxy: FaultyProxy
}

/** For stories about machines that share a database and a store. Both outlive each machine. */
export const test = base.extend<{ place: Place } & Starting>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  place: async ({}, use) => {
    const directory = makeFastDirectory()
    const [database, { store, stop }, proxy, storeProxy] = await Promise.all([
      startTemporaryDatabase(),
      startStore(path.join(directory.path, "objects")),
      openRoundRobin(),
      openFaultyProxy(),
    ])
    storeProxy.forwardTo(store.endpoint)
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await use({
      settings: {
        DATABASE_URL: database.url,
        S3_BUCKET: BUCKET,
        S3_REGION: "us-east-1",
        S3_ENDPOINT: store.endpoint,
        S3_PUBLIC_ENDPOINT: storeProxy.url,
        S3_FORCE_PATH_STYLE: "true",
        AWS_ACCESS_KEY_ID: store.accessKeyId,
        AWS_SECRET_ACCESS_KEY: store.secretAccessKey,
        AUTH_SECRET: "an auth secret of several machines that only tests use",
        LINK_SECRET: "a-link-secret-of-several-machines-that-only-tests-use",
        APP_URL: proxy.url,
        TRUSTED_PROXIES: "127.0.0.1,::1",
        ADMIN_EMAIL: ADMIN.email,
        ADMIN_PASSWORD: ADMIN.password,
      },
      proxy,
      storeProxy,
      query: async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
        (await client.query<Row>(text, values)).rows,
    })
    await client.end()
    proxy.close()
    await storeProxy.close()
    await stop()
    await database.stop()
    directory.remove()
  },
  // Depends on the place, which therefore ends after it.
  start: async ({ place: _ }, use) => starting(use),
})

const root = path.join(import.meta.dirname, "../../..")
const BUCKET = "lapse"
const KEYS = {
  accessKeyId: "LAPSETESTACCESSKEY00",
  secretAccessKey: "lapse-test-secret-access-key",
}

/** Starts the embedded object store alone, with a bucket that every origin may use. */
async function startStore(directory: string) {
  const program = path.join(root, "packages/local-s3/main.ts")
  const child = fork(program, ["--dir", directory, "--port", "0"], {
    execArgv: ["--import", path.join(root, "server/server-only.mjs")],
    env: {
      NODE_ENV: "test",
      LOCAL_S3_ACCESS_KEY_ID: KEYS.accessKeyId,
      LOCAL_S3_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
    },
  })
  const [{ listening }] = await once(child, "message")
  const store: TestStore = { endpoint: `http://127.0.0.1:${listening}`, ...KEYS }
  const s3 = s3ClientFor(store)
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
  const rule = {
    AllowedOrigins: ["*"],
    AllowedMethods: ["GET", "HEAD", "PUT"],
    AllowedHeaders: ["*"],
    ExposeHeaders: ["ETag"],
  }
  await s3.send(
    new PutBucketCorsCommand({ Bucket: BUCKET, CORSConfiguration: { CORSRules: [rule] } }),
  )
  s3.destroy()
  const stop = async () => {
    const exit = once(child, "exit")
    child.kill()
    await exit
  }
  return { store, stop }
}
