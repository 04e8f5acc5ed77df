import { type ChildProcess, fork } from "node:child_process"
import net from "node:net"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import {
  CreateBucketCommand,
  PutBucketCorsCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3"
import { explain } from "../http-server.ts"
import { sentence } from "../setup-error.ts"

const BUCKET = "lapse"

type Options = {
  directory: string
  host: string | undefined
  port: number
  accessKeyId: string
  secretAccessKey: string
  /** Whose pages may call it. */
  appOrigin: string
  say: (line: string) => void
  /** Called when it died and could not be brought back. */
  onGivenUp: (error: Error) => void
}

export type EmbeddedStore = { bucket: string; endpoint: string; stop: () => Promise<void> }

/** Starts the embedded object store beside this process, with one bucket that the app's pages may call. */
export async function startObjectStore(options: Options): Promise<EmbeddedStore> {
  const { host, port, say, onGivenUp } = options
  await requireFreePort(host, port)
  let stopping = false
  let child: ChildProcess | undefined

  const launch = async () => {
    child = await spawnStore(options)
    child.once("exit", () => {
      if (!stopping) void revive()
    })
  }
  const revive = async () => {
    say("The object store stopped unexpectedly and is started again")
    for (let attempt = 1; !stopping; attempt++) {
      try {
        return await launch()
      } catch (error) {
        if (attempt < 5) await sleep(attempt * 200)
        else return onGivenUp(error instanceof Error ? error : new Error(String(error)))
      }
    }
  }

  await launch()
  const endpoint = `http://${reachable(host)}:${port}`
  await prepareBucket(endpoint, options)
  return {
    bucket: BUCKET,
    endpoint,
    async stop() {
      stopping = true
      const running = child
      if (!running || running.exitCode !== null || running.signalCode !== null) return
      const exited = new Promise((resolve) => running.once("exit", resolve))
      running.kill("SIGTERM")
      const impatient = setTimeout(() => running.kill("SIGKILL"), 20_000)
      await exited
      clearTimeout(impatient)
    },
  }
}

/** The address to call for what listens on `host`. */
export function reachable(host: string | undefined) {
  if (!host || host === "0.0.0.0" || host === "::") return "127.0.0.1"
  return host.includes(":") ? `[${host}]` : host
}

function requireFreePort(host: string | undefined, port: number) {
  return new Promise<void>((resolve, reject) => {
    const probe = net.createServer()
    const names = { host: "LOCAL_S3_HOST", port: "LOCAL_S3_PORT" }
    probe.once("error", (error) => reject(explain(error, host, port, names)))
    probe.listen({ port, host: host ?? "::" }, () => probe.close(() => resolve()))
  })
}

function spawnStore({ directory, host, port, accessKeyId, secretAccessKey }: Options) {
  const program = path.join(import.meta.dirname, "../../packages/local-s3/main.ts")
  const child = fork(
    program,
    ["--dir", directory, "--port", String(port), "--host", host ?? "::"],
    {
      env: {
        ...process.env,
        LOCAL_S3_ACCESS_KEY_ID: accessKeyId,
        LOCAL_S3_SECRET_ACCESS_KEY: secretAccessKey,
      },
      detached: true, // Ctrl-C in the terminal is for us: we stop it in our order
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    },
  )
  let said = ""
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-4000)
    process.stderr.write(text)
  })
  return new Promise<ChildProcess>((resolve, reject) => {
    child.once("message", () => resolve(child))
    child.once("error", reject)
    child.once("exit", (code, signal) =>
      reject(sentence(`The object store did not start: ${said.trim() || (signal ?? code)}`)),
    )
  })
}

/** Lets the app's pages read and write by the addresses they are given. */
export const corsRule = (appOrigin: string) => ({
  AllowedOrigins: [appOrigin],
  AllowedMethods: ["GET", "HEAD", "PUT"],
  AllowedHeaders: ["content-type", "range", "if-range", "if-match", "if-none-match", "x-amz-*"],
  ExposeHeaders: ["ETag", "Content-Range", "Content-Length", "Accept-Ranges"],
  MaxAgeSeconds: 3600,
})

async function prepareBucket(endpoint: string, options: Options) {
  const { accessKeyId, secretAccessKey, appOrigin } = options
  const client = new S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  })
  try {
    await client.send(new CreateBucketCommand({ Bucket: BUCKET }))
  } catch (error) {
    const isThere =
      error instanceof S3ServiceException &&
      ["BucketAlreadyOwnedByYou", "BucketAlreadyExists"].includes(error.name)
    if (!isThere) throw error
  }
  await client.send(
    new PutBucketCorsCommand({
      Bucket: BUCKET,
      CORSConfiguration: {
        CORSRules: [corsRule(appOrigin)],
      },
    }),
  )
  client.destroy()
}
