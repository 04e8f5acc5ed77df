import { fork } from "node:child_process"
import path from "node:path"
import { CreateBucketCommand, PutBucketCorsCommand, S3Client } from "@aws-sdk/client-s3"
import { corsRule, signerKeys } from "#server/embedded/object-store.ts"
import { startCeph } from "./ceph.ts"
import { APP_URL, BUCKET, type TestStore } from "./test-environment.ts"

type RunningStore = TestStore & { stop(): Promise<void> }

const root = path.join(import.meta.dirname, "..")
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
 * Starts the embedded object store in this directory, or Ceph's with LAPSE_TEST_STORE=ceph. It has
 * the bucket that the app expects.
 */
export async function startStore(directory: string): Promise<RunningStore> {
  const store =
    process.env.LAPSE_TEST_STORE === "ceph" ? await startCeph() : await startEmbedded(directory)
  const { endpoint, accessKeyId, secretAccessKey } = store
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
  return store
}

async function startEmbedded(directory: string): Promise<RunningStore> {
  const program = path.join(root, "packages/local-s3/main.ts")
  const child = fork(program, ["--dir", directory, "--port", "0", "--host", "127.0.0.1"], {
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
    endpoint: `http://127.0.0.1:${port}`,
    ...KEYS,
    signers: SIGNERS,
    stop: () =>
      new Promise<void>((resolve) => {
        child.once("exit", () => resolve())
        child.kill()
      }),
  }
}
