import { fork } from "node:child_process"
import path from "node:path"
import { CreateBucketCommand, PutBucketCorsCommand } from "@aws-sdk/client-s3"
import { corsRule } from "#lib/adapters/storage/rights/bucket-rules.ts"
import { DELETED_KEYS, signerKeys } from "#server/embedded/object-store.ts"
import { cephOfThisRun, openCeph } from "#testing/ceph/ceph.ts"
import { restrictBucket } from "#testing/ceph/restrict-bucket.ts"
import { signerPolicy } from "#testing/ceph/signer-policy.ts"
import { APP_URL, BUCKET, type TestStore } from "#testing/run/test-environment.ts"
import { startSwift } from "#testing/swift/swift.ts"
import { s3ClientFor } from "./s3-client.ts"

type RunningStore = { store: TestStore; stop: () => Promise<void> }

const root = path.join(import.meta.dirname, "../..")
const KEYS = {
  accessKeyId: "LAPSETESTACCESSKEY00",
  secretAccessKey: "lapse-test-secret-access-key",
}

const SIGNERS = ["amber", "blue", "green"].map((colour) => ({
  colour,
  accessKeyId: `LAPSETEST${colour.toUpperCase()}`,
  secretAccessKey: `lapse-test-secret-of-${colour}`,
}))

/**
 * Starts the embedded object store in this directory, or the one that LAPSE_TEST_STORE names: ceph
 * or swift. It has the bucket that the app expects.
 */
export async function startStore(directory: string): Promise<RunningStore> {
  if (process.env.LAPSE_TEST_STORE === "swift") return startOnSwift()
  const { store, stop } =
    process.env.LAPSE_TEST_STORE === "ceph" ? await startOnCeph() : await startEmbedded(directory)
  const client = s3ClientFor(store)
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }))
  const CORSRules = [corsRule(APP_URL)]
  await client.send(new PutBucketCorsCommand({ Bucket: BUCKET, CORSConfiguration: { CORSRules } }))
  client.destroy()
  return { store: store.cephDirectory ? await withSigners(store) : store, stop }
}

async function startOnCeph(): Promise<RunningStore> {
  const { endpoint, accessKeyId, secretAccessKey, directory, stop } = await cephOfThisRun()
  const keys = { accessKeyId, secretAccessKey }
  return { store: { endpoint, ...keys, signers: SIGNERS, cephDirectory: directory }, stop }
}

async function startOnSwift(): Promise<RunningStore> {
  const { stop, ...store } = await startSwift([BUCKET], APP_URL)
  return { store, stop }
}

/**
 * Creates the signers of a Ceph; the embedded store gets its signers when it starts. With
 * LAPSE_TEST_RIGHTS the app also has exactly the printed rights, or all of them but one.
 */
async function withSigners(store: TestStore): Promise<TestStore> {
  const ceph = openCeph(store.cephDirectory)
  const rights = process.env.LAPSE_TEST_RIGHTS
  if (rights) {
    const { app, signers } = await restrictBucket(ceph, BUCKET, rights)
    return { ...store, ...app, signers }
  }
  await Promise.all(SIGNERS.map(({ colour, ...keys }) => ceph.createUser(colour, keys)))
  const colours = SIGNERS.map(({ colour }) => colour)
  await ceph.putBucketPolicy(BUCKET, signerPolicy(BUCKET, colours))
  return store
}

async function startEmbedded(directory: string): Promise<RunningStore> {
  const program = path.join(root, "packages/local-s3/main.ts")
  const place = ["--dir", directory, "--port", "0", "--host", "127.0.0.1"]
  const child = fork(program, [...place, ...DELETED_KEYS], {
    execArgv: ["--import", path.join(root, "server/server-only.mjs")],
    env: {
      ...process.env,
      LOCAL_S3_ACCESS_KEY_ID: KEYS.accessKeyId,
      LOCAL_S3_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
      LOCAL_S3_RESTRICTED_KEYS: JSON.stringify(signerKeys(SIGNERS, BUCKET)),
    },
  })
  const port = await new Promise<number>((resolve, reject) => {
    child.once("message", (message: { listening: number }) => resolve(message.listening))
    child.once("exit", (code) => reject(new Error(`The object store ended with ${code}.`)))
  })
  return {
    store: { endpoint: `http://127.0.0.1:${port}`, ...KEYS, signers: SIGNERS },
    stop: () =>
      new Promise<void>((resolve) => {
        child.once("exit", () => resolve())
        child.kill()
      }),
  }
}
