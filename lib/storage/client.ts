import "server-only"
import { GetObjectCommand, S3Client, S3ServiceException } from "@aws-sdk/client-s3"
import { getSignedUrl, S3RequestPresigner } from "@aws-sdk/s3-request-presigner"
import { settings } from "#lib/settings.ts"
import { SigningHash } from "#lib/signing-hash.ts"

type Door = {
  /** The app's own calls. */
  control: S3Client
  /** Signs what browsers get; never called. */
  visitor: S3Client
  presigner: S3RequestPresigner
  /** Where an object lies for a browser: everything of its URL but the key. */
  base: Promise<URL>
  /** What was found out about the store, by its name. */
  facts: Map<string, Promise<boolean>>
}

const held = globalThis as typeof globalThis & { lapseStorage?: Door }

function open(): Door {
  const shared = {
    region: settings.S3_REGION,
    // The SDK would put the CRC of an empty body into a presigned PUT.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: 60_000,
      throwOnRequestTimeout: true,
    },
  } as const
  const at = (endpoint: string | undefined) => ({
    ...shared,
    ...(endpoint ? { endpoint } : {}),
    forcePathStyle: settings.S3_FORCE_PATH_STYLE ?? endpoint !== undefined,
  })
  const control = new S3Client(at(settings.S3_ENDPOINT))
  const visitor = new S3Client(at(settings.S3_PUBLIC_ENDPOINT ?? settings.S3_ENDPOINT))
  const presigner = new S3RequestPresigner({
    ...visitor.config,
    credentials: visitor.config.credentials,
    region: settings.S3_REGION,
    sha256: SigningHash,
  })
  const base = findBase(visitor)
  base.catch(() => {}) // whoever asks for it hears of it
  return { control, visitor, presigner, base, facts: new Map() }
}

/** Asks the SDK itself, so that path style, virtual hosts and AWS defaults are all right. */
async function findBase(client: S3Client) {
  const probe = new GetObjectCommand({ Bucket: settings.S3_BUCKET, Key: "o" })
  const url = new URL(await getSignedUrl(client, probe))
  url.search = ""
  url.pathname = url.pathname.slice(0, -1)
  return url
}

/** The clients, made at the first need. */
export function door() {
  held.lapseStorage ??= open()
  return held.lapseStorage
}

/** The bucket and a key in it, as every command names them. */
export const at = (key: string) => ({ Bucket: settings.S3_BUCKET, Key: key })

/** Whether the store answered with this error code. */
export const isStoreError = (error: unknown, ...codes: string[]) =>
  error instanceof S3ServiceException && codes.includes(error.name)

/** Whether the store does not know an upload in parts (any more); Ceph may say it of the key. */
export const isUnknownUpload = (error: unknown) => isStoreError(error, "NoSuchUpload", "NoSuchKey")

/** The HTTP status the store answered with, or undefined where it did not answer. */
export const statusOf = (error: unknown) =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined
