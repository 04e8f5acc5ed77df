import { type ChildProcess, fork } from "node:child_process"
import path from "node:path"
import {
  CreateBucketCommand,
  PutBucketCorsCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3"
import type { Signer } from "#lib/adapters/configuration/parsers.ts"
import type { Configuration } from "#lib/adapters/configuration/table.ts"
import { withDeadline } from "#lib/adapters/storage/calls/deadline.ts"
import { corsRule } from "#lib/adapters/storage/rights/bucket-rules.ts"
import { SIGNER_TAG } from "#lib/adapters/storage/tags.ts"
import type { RestrictedKey } from "#packages/local-s3/access/access-keys.ts"
import { childEnvironment } from "#server/configuration/environment.ts"
import { storeHeapOptions } from "#server/processes/memory-limit.mjs"
import { reachable, requireFreePort } from "#server/processes/port.ts"
import { supervise } from "./supervisor.ts"

const BUCKET = "lapse"
const REGION = "us-east-1"
const OBJECT_PREFIX = "o/"
/**
 * The store refuses writes under a deleted key for this long. An upload signed just before the
 * deletion may finish 25 minutes later: its URL works for 15, and it has 10 more to arrive.
 */
export const DELETED_KEYS = ["--deleted-key-seconds", String(30 * 60)]
const PROGRAM = path.join(import.meta.dirname, "../../packages/local-s3/main.ts")

type Options = {
  directory: string
  host: string | undefined
  port: number
  accessKeyId: string
  secretAccessKey: string
  /** Restricted access keys, each of which may only read objects of its colour. */
  signers: Signer[]
  /** Uploads leave this many bytes of the disk free. */
  reserveBytes: number
  /** The origin whose pages may call the store. */
  appOrigin: string
  trustedProxies: Configuration["TRUSTED_PROXIES"]
  say: (line: string) => void
  /** Called if the store died and could not be started again. */
  onGivenUp: (error: unknown) => void
}

export type EmbeddedStore = { bucket: string; endpoint: string; stop: () => Promise<void> }

/**
 * Starts the embedded object store as a child process, with one bucket that the app's pages may
 * call. A store that dies later is started again.
 */
export async function startObjectStore(options: Options): Promise<EmbeddedStore> {
  const { host, port, say, onGivenUp } = options
  await requireFreePort(host, port, { host: "HOST", port: "LOCAL_S3_PORT" })
  const { stop } = await supervise({
    name: "The object store",
    spawn: () => spawnStore(options),
    untilReady: (child) => new Promise((resolve) => child.once("message", () => resolve())),
    reasonOf: (output, end) => output.trim() || end,
    waitsFor: (output) => (/ENOSPC|EDQUOT/.test(output) ? noRoom(options.directory) : null),
    restarts: 5,
    stop: { signal: "SIGTERM", graceMs: 20_000, killSignal: "SIGKILL" },
    say,
    onOutput: (text) => process.stderr.write(text),
    onGivenUp,
  })
  const endpoint = `http://${reachable(host)}:${port}`
  try {
    await prepareBucket(endpoint, options)
  } catch (error) {
    await stop()
    throw error
  }
  return { bucket: BUCKET, endpoint, stop }
}

const noRoom = (directory: string) =>
  `The disk is full: make room on the disk of ${directory}. The object store starts as soon as there is some`

function spawnStore(options: Options): ChildProcess {
  const { directory, host, port, accessKeyId, secretAccessKey, reserveBytes } = options
  const place = ["--dir", directory, "--port", String(port), "--host", host ?? "::"]
  const reserve = ["--reserve-bytes", String(reserveBytes)]
  const proxies = options.trustedProxies.flatMap(([network, bits]) => [
    "--proxy",
    `${network.toString()}/${bits}`,
  ])
  return fork(PROGRAM, [...place, ...reserve, ...DELETED_KEYS, ...proxies], {
    env: childEnvironment({
      LOCAL_S3_ACCESS_KEY_ID: accessKeyId,
      LOCAL_S3_SECRET_ACCESS_KEY: secretAccessKey,
      LOCAL_S3_RESTRICTED_KEYS: JSON.stringify(signerKeys(options.signers, BUCKET)),
      LOCAL_S3_REGION: REGION,
    }),
    execArgv: [...process.execArgv, ...storeHeapOptions],
    // Ctrl-C in the terminal reaches only this process, which stops its children in order
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  })
}

export const signerKeys = (signers: readonly Signer[], bucket: string): RestrictedKey[] =>
  signers.map(({ colour, accessKeyId, secretAccessKey }) => ({
    accessKeyId,
    secretAccessKey,
    only: {
      action: "GetObject",
      bucket,
      prefix: OBJECT_PREFIX,
      tags: [{ key: SIGNER_TAG, value: colour }],
    },
  }))

async function prepareBucket(endpoint: string, options: Options) {
  const { accessKeyId, secretAccessKey, appOrigin } = options
  const client = withDeadline(
    new S3Client({
      endpoint,
      region: REGION,
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
    }),
  )
  try {
    await client.send(new CreateBucketCommand({ Bucket: BUCKET }))
  } catch (error) {
    const exists =
      error instanceof S3ServiceException &&
      ["BucketAlreadyOwnedByYou", "BucketAlreadyExists"].includes(error.name)
    if (!exists) throw error
  }
  await client.send(
    new PutBucketCorsCommand({
      Bucket: BUCKET,
      CORSConfiguration: { CORSRules: [corsRule(appOrigin)] },
    }),
  )
  client.destroy()
}
