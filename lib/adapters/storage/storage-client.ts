import "server-only"
import { GetObjectCommand, S3Client, S3ServiceException } from "@aws-sdk/client-s3"
import { getSignedUrl, S3RequestPresigner } from "@aws-sdk/s3-request-presigner"
import { configuration } from "#lib/adapters/configuration.ts"
import { noticeTime } from "#lib/adapters/host/clock-jumps.ts"
import { processWide } from "#lib/adapters/process-wide.ts"
import { countCalls } from "./calls/count-calls.ts"
import { withDeadline } from "./calls/deadline.ts"
import { STORE_TIMEOUTS } from "./calls/store-timeouts.ts"
import { SigningHash } from "./signing-hash.ts"

type StorageClient = {
  /** Sends the app's own requests. */
  s3: S3Client
  /** Sends a request without retries, for calls that must not arrive again later. */
  s3Once: S3Client
  /** Configured for the endpoint that browsers use. Sends nothing. */
  publicS3: S3Client
  /** Signs with the app's key. */
  presigner: S3RequestPresigner
  /** Each signs with the key of a colour, in the order of S3_SIGNERS. */
  signers: Map<string, S3RequestPresigner>
  /** The base URL of objects for browsers, to which the key is appended. */
  publicBaseUrl: Promise<URL>
  /** The base URL of objects for this server, to which the key is appended. */
  baseUrl: Promise<URL>
  /** The results of the probes of the store, by name. */
  capabilities: Map<string, Promise<boolean>>
  /** The multipart uploads that the store is assembling, by upload id. */
  assemblies: Map<string, Promise<boolean>>
}

/** The clients, made at the first call and shared by the process. */
export function storageClient(): StorageClient {
  return processWide("storage client", createClient)
}

function createClient(): StorageClient {
  const shared = {
    region: configuration.S3_REGION,
    // Otherwise the SDK would put the CRC of an empty body into a presigned PUT.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: {
      connectionTimeout: STORE_TIMEOUTS.connect,
      requestTimeout: STORE_TIMEOUTS.attempt,
      throwOnRequestTimeout: true,
    },
  } as const
  const configFor = (endpoint: string | undefined) => ({
    ...shared,
    ...(endpoint ? { endpoint } : {}),
    forcePathStyle: configuration.S3_FORCE_PATH_STYLE ?? endpoint !== undefined,
  })
  const clientWith = (more: { maxAttempts?: number } = {}) =>
    noticeDate(
      countCalls(withDeadline(new S3Client({ ...configFor(configuration.S3_ENDPOINT), ...more }))),
    )
  const [s3, s3Once] = [clientWith(), clientWith({ maxAttempts: 1 })]
  shareClockOffset(s3, s3Once)
  const publicS3 = new S3Client(
    configFor(configuration.S3_PUBLIC_ENDPOINT ?? configuration.S3_ENDPOINT),
  )
  const presignerWith = (credentials: S3Client["config"]["credentials"] | Key) =>
    new S3RequestPresigner({
      ...publicS3.config,
      credentials,
      region: configuration.S3_REGION,
      sha256: SigningHash,
    })
  const signers = configuration.S3_SIGNERS ?? []
  const [publicBaseUrl, baseUrl] = [findBaseUrl(publicS3), findBaseUrl(s3)]
  publicBaseUrl.catch(() => {}) // callers that await it still get the error
  baseUrl.catch(() => {})
  return {
    s3,
    s3Once,
    publicS3,
    publicBaseUrl,
    baseUrl,
    presigner: presignerWith(publicS3.config.credentials),
    signers: new Map(signers.map(({ colour, ...key }) => [colour, presignerWith(key)])),
    capabilities: new Map(),
    assemblies: new Map(),
  }
}

/** A client without retries uses the clock offset that the other one learned from a refusal. */
function shareClockOffset({ config }: S3Client, once: S3Client) {
  Object.defineProperty(once.config, "systemClockOffset", {
    get: () => config.systemClockOffset,
    set: (ms: number) => {
      config.systemClockOffset = ms
    },
  })
}

type Key = { accessKeyId: string; secretAccessKey: string }

/** Makes a client for the same store with another key. Destroy it after use. */
export function clientOf(credentials: Key): S3Client {
  const { region, requestHandler, forcePathStyle } = storageClient().s3.config
  return withDeadline(
    new S3Client({
      region,
      requestHandler,
      forcePathStyle,
      credentials,
      ...(configuration.S3_ENDPOINT ? { endpoint: configuration.S3_ENDPOINT } : {}),
    }),
  )
}

/** Asks the SDK, so that path style, virtual hosts and AWS defaults are all correct. */
async function findBaseUrl(client: S3Client) {
  const probe = new GetObjectCommand({ Bucket: configuration.S3_BUCKET, Key: "o" })
  const url = new URL(await getSignedUrl(client, probe))
  url.search = ""
  url.pathname = url.pathname.slice(0, -1)
  return url
}

/** The bucket and the key, as parameters of a command. */
export const inBucket = (key: string) => ({ Bucket: configuration.S3_BUCKET, Key: key })

export const isStoreError = (error: unknown, ...codes: string[]) =>
  error instanceof S3ServiceException && codes.includes(error.name)

/** Whether the store no longer knows a multipart upload. Ceph may say NoSuchKey. */
export const isUnknownUpload = (error: unknown) => isStoreError(error, "NoSuchUpload", "NoSuchKey")

/** The HTTP status of the store's answer, or undefined if it did not answer. */
export const statusOf = (error: unknown) =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined

type Answer = { headers?: Record<string, string> } | undefined

/** Records the store's time from every answer to this client, including refusals. */
function noticeDate(client: S3Client): S3Client {
  client.middlewareStack.add(
    (next) => async (call) => {
      const result = await next(call)
      const saidMs = Date.parse((result.response as Answer)?.headers?.date ?? "")
      if (!Number.isNaN(saidMs)) noticeTime("store", saidMs)
      return result
    },
    // Runs before the SDK's step that turns a refusal into an error.
    { step: "deserialize", priority: "low", name: "lapseNoticeDate" },
  )
  return client
}
