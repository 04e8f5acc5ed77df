import "server-only"
import { randomBytes } from "node:crypto"
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3"
import { getSignedUrl, S3RequestPresigner } from "@aws-sdk/s3-request-presigner"
import { create as contentDisposition } from "content-disposition"
import { env } from "./env.ts"
import { SigningHash } from "./signing-hash.ts"

/** How long a presigned PUT or part URL works, seconds. */
export const PUT_TTL_SECONDS = 15 * 60

type Door = {
  /** The app's own calls. */
  control: S3Client
  /** Signs what browsers get; never called. */
  visitor: S3Client
  presigner: S3RequestPresigner
  /** Where an object lies for a browser: everything of its URL but the key. */
  base: Promise<URL>
  /** Whether a PUT with `If-None-Match: *` is refused where an object lies. Asked once, at the first need. */
  refusesOverwrite?: Promise<boolean>
}

const held = globalThis as typeof globalThis & { lapseStorage?: Door }

function open(): Door {
  const shared = {
    region: env.S3_REGION,
    // The SDK would put the CRC of an empty body into a presigned PUT.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 60_000 },
  } as const
  const at = (endpoint: string | undefined) => ({
    ...shared,
    ...(endpoint ? { endpoint } : {}),
    forcePathStyle: env.S3_FORCE_PATH_STYLE ?? endpoint !== undefined,
  })
  const control = new S3Client(at(env.S3_ENDPOINT))
  const visitor = new S3Client(at(env.S3_PUBLIC_ENDPOINT ?? env.S3_ENDPOINT))
  const presigner = new S3RequestPresigner({
    ...visitor.config,
    credentials: visitor.config.credentials,
    region: env.S3_REGION,
    sha256: SigningHash,
  })
  const base = findBase(visitor)
  base.catch(() => {}) // whoever asks for it hears of it
  return { control, visitor, presigner, base }
}

/** Asks the SDK itself, so that path style, virtual hosts and AWS defaults are all right. */
async function findBase(client: S3Client) {
  const probe = new GetObjectCommand({ Bucket: env.S3_BUCKET, Key: "o" })
  const url = new URL(await getSignedUrl(client, probe))
  url.search = ""
  url.pathname = url.pathname.slice(0, -1)
  return url
}

function door() {
  held.lapseStorage ??= open()
  return held.lapseStorage
}

/** The origin browsers call, for the CSP. */
export async function publicStorageOrigin(): Promise<string> {
  return (await door().base).origin
}

/** When the signer's credentials end, or null for lasting ones. A URL dies with them, whatever it says. */
export async function credentialsExpireAt(): Promise<Date | null> {
  const { expiration } = await door().visitor.config.credentials()
  return expiration ?? null
}

export type PresignGet = {
  key: string
  /** For Content-Disposition; the object itself knows no name. */
  name: string
  contentType: string
  disposition: "attachment" | "inline"
  /** Whole seconds, at least 1. */
  expiresInSeconds: number
  /** The database's time, floored to a second (the signature's X-Amz-Date). */
  signedAt: Date
}

/** A GET of one object for a browser. Arithmetic, no network. */
export async function presignGet(input: PresignGet): Promise<string> {
  return presign({
    method: "GET",
    key: input.key,
    query: {
      "response-cache-control": "no-store",
      "response-content-disposition": dispositionOf(input.name, input.disposition),
      "response-content-type": input.contentType,
    },
    headers: {},
    expiresIn: input.expiresInSeconds,
    signingDate: input.signedAt,
  })
}

/** Content-Disposition for a name (RFC 6266). */
export function dispositionOf(name: string, type: "attachment" | "inline") {
  return contentDisposition(name, { type, fallback: asciiName(name) })
}

// `curl -OJ` ignores filename* and takes filename, so the fallback is worth reading.
function asciiName(name: string) {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^\x20-\x7e]/gu, "_")
}

export type PresignPut = { key: string; size: number; contentType: string }

/**
 * One PUT of exactly this size and type, and the headers the browser must send with it. It never
 * overwrites where the store can promise that.
 */
export async function presignPut({ key, size, contentType }: PresignPut) {
  const once = (await refusesOverwrite()) ? { "if-none-match": "*" } : {}
  const headers = { "content-type": contentType, ...once }
  const url = await presign({
    method: "PUT",
    key,
    query: {},
    headers: { ...headers, "content-length": String(size) },
    expiresIn: PUT_TTL_SECONDS,
  })
  return { url, headers }
}

/** Whether the store honours `If-None-Match: *`: stores that do not know it overwrite, or refuse every such PUT. */
export function refusesOverwrite(): Promise<boolean> {
  const store = door()
  store.refusesOverwrite ??= probeOverwrite(store.control).catch((error) => {
    delete store.refusesOverwrite
    throw error
  })
  return store.refusesOverwrite
}

async function probeOverwrite(control: S3Client) {
  const object = { Bucket: env.S3_BUCKET, Key: `probe/${randomBytes(16).toString("hex")}` }
  const put = () =>
    control.send(new PutObjectCommand({ ...object, Body: new Uint8Array([0]), IfNoneMatch: "*" }))
  try {
    if (!(await isAccepted(put))) return false
    return !(await isAccepted(put))
  } finally {
    await control.send(new DeleteObjectCommand(object))
  }
}

const UNSUPPORTED_OR_REFUSED = [400, 409, 412, 501]

async function isAccepted(put: () => Promise<unknown>) {
  try {
    await put()
    return true
  } catch (error) {
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined
    if (status !== undefined && UNSUPPORTED_OR_REFUSED.includes(status)) return false
    throw error
  }
}

type Presign = {
  method: string
  key: string
  query: Record<string, string>
  headers: Record<string, string>
  expiresIn: number
  signingDate?: Date
}

async function presign({ method, key, query, headers, ...options }: Presign) {
  const { presigner, base } = door()
  const { protocol, hostname, port, pathname } = await base
  // Keys are made of [a-z0-9/] only, so the path needs no escaping.
  const path = `${pathname}${key}`
  const request = { method, protocol, hostname, path, query, headers: { ...headers } }
  const signed = await presigner.presign(port ? { ...request, port: Number(port) } : request, {
    ...options,
    signableHeaders: new Set(["host", ...Object.keys(headers)]),
  })
  return `${protocol}//${hostname}${port ? `:${port}` : ""}${path}?${queryString(signed.query ?? {})}`
}

function queryString(query: Record<string, string | string[] | null>) {
  return Object.entries(query)
    .map(([name, value]) => `${encode(name)}=${encode(String(value))}`)
    .join("&")
}

// RFC 3986: what SigV4 signs, and encodeURIComponent leaves !'()* alone.
const encode = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** Size, type and ETag of an object as the store has it, or null when there is none. */
export async function headObject(key: string) {
  try {
    const head = await door().control.send(
      new HeadObjectCommand({ Bucket: env.S3_BUCKET, Key: key }),
    )
    return { size: head.ContentLength ?? 0, contentType: head.ContentType, etag: head.ETag }
  } catch (error) {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return null
    throw error
  }
}

/** Deletes an object; one that is not there is fine. */
export async function deleteObject(key: string): Promise<void> {
  await door().control.send(new DeleteObjectCommand({ Bucket: env.S3_BUCKET, Key: key }))
}

/** Throws when the bucket cannot be reached with these credentials. */
export async function checkBucket(): Promise<void> {
  await door().control.send(new HeadBucketCommand({ Bucket: env.S3_BUCKET }))
}
