import { fork } from "node:child_process"
import { createHash } from "node:crypto"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { type Agent, type IncomingHttpHeaders, request } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3"
import type { RestrictedKey } from "./access/access-keys.ts"
import {
  ALGORITHM,
  canonicalRequest,
  scopeText,
  signature,
  signingKey,
  stringToSign,
} from "./access/sigv4.ts"
import { parseTarget, uriEncode } from "./requests/uri.ts"
import { type LocalS3Options, startLocalS3 } from "./server.ts"

export const KEYS = { accessKeyId: "AKIDTEST", secretAccessKey: "a-secret-of-the-tests" }
export const BUCKET = "bucket"

type StoreOptions = Partial<LocalS3Options> & { bucket?: string }

/** A store on a free port and in a new directory, with a bucket and the AWS SDK as client. */
export async function aStore({ bucket = BUCKET, ...options }: StoreOptions = {}) {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), "local-s3-")))
  const errors: unknown[] = []
  const start = (port: number) =>
    startLocalS3({
      dir,
      host: "127.0.0.1",
      port,
      ...KEYS,
      onError: (error) => errors.push(error),
      ...options,
    })
  let server = await start(0)
  const { url, port } = server
  const { accessKeyId = KEYS.accessKeyId, secretAccessKey = KEYS.secretAccessKey, now } = options
  const s3 = aClient(url, { accessKeyId, secretAccessKey })
  if (now) s3.config.systemClockOffset = now().getTime() - Date.now()
  await s3.send(new CreateBucketCommand({ Bucket: bucket }))
  return {
    dir,
    url,
    s3,
    /** Errors that the store reported as bugs; a test expects none. */
    errors,
    restart: async () => {
      await server.close()
      server = await start(port)
    },
    close: async () => {
      s3.destroy()
      await server.close()
      if (!options.dir) await rm(dir, { recursive: true, force: true })
    },
  }
}

export function aClient(url: string, credentials = KEYS) {
  return new S3Client({
    endpoint: url,
    region: "us-east-1",
    forcePathStyle: true,
    credentials,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    maxAttempts: 1,
  })
}

export type RawRequest = {
  method?: string
  /** Path and query, sent byte for byte. */
  target: string
  headers?: Record<string, string>
  body?: string | Buffer
}

/**
 * Sends the request byte for byte: no normalised path, no added header but Host and length. Has a
 * connection of its own, unless there is an agent.
 */
export function send(
  url: string,
  { method = "GET", target, headers = {}, body }: RawRequest,
  agent: Agent | false = false,
) {
  const { hostname, port } = new URL(url)
  return new Promise<{ status: number; headers: IncomingHttpHeaders; body: string }>(
    (resolve, reject) => {
      const options = { hostname, port, method, path: target, headers, agent }
      const message = request(options, (response) => {
        const chunks: Buffer[] = []
        response.on("data", (chunk: Buffer) => chunks.push(chunk))
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString("latin1"),
          }),
        )
        response.on("error", reject)
      })
      message.on("error", reject)
      message.end(body)
    },
  )
}

type Signing = { at?: Date; payloadHash?: string; signed?: string[]; keys?: typeof KEYS }

/** Adds an Authorization header to a request, by the arithmetic that AWS's examples verify. */
export function sign(url: string, raw: RawRequest, signing: Signing = {}) {
  const { at = new Date(), keys = KEYS } = signing
  const payloadHash =
    signing.payloadHash ??
    createHash("sha256")
      .update(raw.body ?? "")
      .digest("hex")
  const amzDate = at.toISOString().replace(/[-:]|\.\d{3}/g, "")
  const headers: Record<string, string> = {
    host: new URL(url).host,
    "x-amz-date": amzDate,
    "x-amz-content-sha256": payloadHash,
    ...raw.headers,
  }
  const signedHeaders = signing.signed ?? Object.keys(headers).sort()
  const scope = { date: amzDate.slice(0, 8), region: "us-east-1", service: "s3" }
  const canonical = canonicalRequest({
    method: raw.method ?? "GET",
    target: parseTarget(raw.target),
    headers: new Map(Object.entries(headers).map(([name, value]) => [name, [value]])),
    signedHeaders,
    payloadHash,
  })
  const key = signingKey(keys.secretAccessKey, scope)
  const seed = {
    key,
    scope,
    amzDate,
    signature: signature(key, stringToSign(amzDate, scope, canonical)),
  }
  const credential = `${keys.accessKeyId}/${scopeText(scope)}`
  headers.authorization = `${ALGORITHM} Credential=${credential}, SignedHeaders=${signedHeaders.join(";")}, Signature=${seed.signature}`
  return { ...raw, headers, seed }
}

export function sendSigned(url: string, raw: RawRequest, signing?: Signing) {
  const { seed: _, ...request } = sign(url, raw, signing)
  return send(url, request)
}

/** Adds a presigned query to a request, by the arithmetic that AWS's examples verify. */
export function presign(url: string, raw: RawRequest, { at = new Date(), keys = KEYS } = {}) {
  const amzDate = at.toISOString().replace(/[-:]|\.\d{3}/g, "")
  const scope = { date: amzDate.slice(0, 8), region: "us-east-1", service: "s3" }
  const headers: Record<string, string> = { host: new URL(url).host, ...raw.headers }
  const signedHeaders = Object.keys(headers).sort()
  const parameters = Object.entries({
    "X-Amz-Algorithm": ALGORITHM,
    "X-Amz-Credential": `${keys.accessKeyId}/${scopeText(scope)}`,
    "X-Amz-Date": amzDate,
    "X-Amz-Expires": "60",
    "X-Amz-SignedHeaders": signedHeaders.join(";"),
  }).map(([name, value]) => `${name}=${uriEncode(value)}`)
  const target = `${raw.target}${raw.target.includes("?") ? "&" : "?"}${parameters.join("&")}`
  const canonical = canonicalRequest({
    method: raw.method ?? "GET",
    target: parseTarget(target),
    headers: new Map(Object.entries(headers).map(([name, value]) => [name, [value]])),
    signedHeaders,
    payloadHash: "UNSIGNED-PAYLOAD",
  })
  const key = signingKey(keys.secretAccessKey, scope)
  const seal = signature(key, stringToSign(amzDate, scope, canonical))
  return { ...raw, headers, target: `${target}&X-Amz-Signature=${seal}` }
}

/** A key that reads only objects below `o/` with this colour as their tag `signer`. */
export function aSigner(colour: string): RestrictedKey {
  return {
    accessKeyId: `AKID${colour.toUpperCase()}`,
    secretAccessKey: `the secret of ${colour}`,
    only: {
      action: "GetObject",
      bucket: BUCKET,
      prefix: "o/",
      tags: [{ key: "signer", value: colour }],
    },
  }
}

type ProcessOptions = { port?: number; args?: string[]; env?: Record<string, string> }

/** The store as a separate process, as the app runs it; it can be killed. */
export async function aStoreProcess(
  dir: string,
  { port = 0, args = [], env }: ProcessOptions = {},
) {
  const child = fork(
    new URL("./main.ts", import.meta.url),
    ["--dir", dir, "--port", String(port), ...args],
    {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      execArgv: [],
      env: {
        ...process.env,
        LOCAL_S3_ACCESS_KEY_ID: KEYS.accessKeyId,
        LOCAL_S3_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
        ...env,
      },
    },
  )
  const exited = once(child, "exit")
  const listening = await new Promise<number>((resolve, reject) => {
    child.once("message", (message) => {
      if (typeof message === "object" && message && "listening" in message)
        resolve(Number(message.listening))
    })
    child.once("exit", (code) => reject(new Error(`The store ended with ${code}.`)))
  })
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    await exited
  }
  return { child, exited, end, port: listening, url: `http://127.0.0.1:${listening}` }
}

/** A directory that is removed after the test file. */
export async function aDirectory() {
  const dir = await mkdtemp(join(tmpdir(), "local-s3-"))
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) }
}
