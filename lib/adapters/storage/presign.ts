import "server-only"
import type { S3RequestPresigner } from "@aws-sdk/s3-request-presigner"
import { create as contentDisposition } from "content-disposition"
import { refusesOverwrite, verifiesSha256 } from "./capabilities.ts"
import { storageClient } from "./storage-client.ts"

/** How long a presigned PUT or part URL works, in seconds. */
export const PUT_TTL_SECONDS = 15 * 60
const OWN_GET_TTL_SECONDS = 60

/** A query parameter that stores ignore; they check its signature and log it. */
export const CLAIM_PARAMETER = "x-lapse-claim"

/** The store's origin for browsers, for the CSP. */
export async function publicStorageOrigin(): Promise<string> {
  return (await storageClient().publicBaseUrl).origin
}

/** Returns when the signer's temporary credentials, and so its URLs, expire; null for never. */
export async function credentialsExpireAt(): Promise<Date | null> {
  const { expiration } = await storageClient().publicS3.config.credentials()
  return expiration ?? null
}

type PresignGet = {
  key: string
  /** The colour whose key signs, which is the object's; null for the app's key. */
  colour: string | null
  /** The id of the event that grants this URL. A store's access log shows it. */
  claim: string
  /** The file name for Content-Disposition, because the object itself has no name. */
  name: string
  contentType: string
  disposition: "attachment" | "inline"
  /** Whole seconds, at least 1. */
  expiresInSeconds: number
  /** The database's time, floored to a second (the signature's X-Amz-Date). */
  signedAt: Date
}

/** Signs a GET of one object for a browser. Needs no network. */
export async function presignGet(input: PresignGet): Promise<string> {
  return presign({
    method: "GET",
    key: input.key,
    presigner: presignerOf(input.colour),
    query: {
      [CLAIM_PARAMETER]: input.claim,
      "response-cache-control": "no-store",
      "response-content-disposition": dispositionOf(input.name, input.disposition),
      "response-content-type": input.contentType,
    },
    headers: {},
    expiresIn: input.expiresInSeconds,
    signingDate: input.signedAt,
  })
}

/** Signs a GET that this server will send, valid for a minute, by a colour's or the app's key. */
export async function presignOwnGet(key: string, colour: string | null, signedAt: Date) {
  return presign({
    method: "GET",
    key,
    presigner: presignerOf(colour),
    baseUrl: storageClient().baseUrl,
    query: {},
    headers: {},
    expiresIn: OWN_GET_TTL_SECONDS,
    signingDate: signedAt,
  })
}

type PresignProbe = {
  key: string
  signedAt: Date
  expiresInSeconds: number
  method?: "GET" | "PUT"
  query?: Record<string, string>
  headers?: Record<string, string>
}

/** Signs a call that this server sends itself, with the app's key and the parameters of a check. */
export const presignProbe = ({ signedAt, expiresInSeconds, ...rest }: PresignProbe) =>
  presign({
    method: "GET",
    query: {},
    headers: {},
    ...rest,
    baseUrl: storageClient().baseUrl,
    expiresIn: expiresInSeconds,
    signingDate: signedAt,
  })

function presignerOf(colour: string | null) {
  if (colour === null) return storageClient().presigner
  const signer = storageClient().signers.get(colour)
  if (!signer) throw new Error(`S3_SIGNERS has no key for the colour ${colour}.`)
  return signer
}

/** The Content-Disposition for a name (RFC 6266). */
export function dispositionOf(name: string, type: "attachment" | "inline") {
  return contentDisposition(name, { type, fallback: asciiName(name) })
}

// `curl -OJ` ignores filename* and uses filename, so the fallback must be readable.
function asciiName(name: string) {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^\x20-\x7e]|[/\\]|^\.+$/gu, "_") // NFKD turns full-width slashes and dots into plain ones
}

type PresignPut = {
  key: string
  size: number
  contentType: string
  /** The hash of the bytes, in hex. */
  sha256?: string | undefined
  /** The database's time; the URL works for PUT_TTL_SECONDS from then on. */
  signedAt: Date
}

/**
 * Signs one PUT of exactly this size and type, and returns the headers that must be sent with it.
 * If the store supports it, the PUT never overwrites and accepts only bytes with this SHA-256.
 */
export async function presignPut({ key, size, contentType, sha256, signedAt }: PresignPut) {
  const headers = {
    "content-type": contentType,
    ...((await refusesOverwrite()) ? { "if-none-match": "*" } : {}),
    ...(sha256 && (await verifiesSha256()) ? checksumHeader(sha256) : {}),
  }
  return { url: await presignUpload({ key, size, signedAt, query: {}, headers }), headers }
}

type PresignPart = {
  key: string
  uploadId: string
  partNumber: number
  size: number
  /** The hash of the part's bytes, in hex; only for an upload with checksums. */
  sha256?: string | undefined
  /** The database's time; the URL works for PUT_TTL_SECONDS from then on. */
  signedAt: Date
}

/** Signs a PUT of one part of exactly this size. Returns the headers to send with it. */
export async function presignPart(part: PresignPart) {
  const { key, uploadId, partNumber, size, sha256, signedAt } = part
  const headers = sha256 ? checksumHeader(sha256) : {}
  const query = { partNumber: String(partNumber), uploadId }
  return { url: await presignUpload({ key, size, signedAt, query, headers }), headers }
}

const CHECKSUM = "x-amz-checksum-sha256"

const checksumHeader = (sha256: string) => ({
  [CHECKSUM]: Buffer.from(sha256, "hex").toString("base64"),
})

type Upload = Pick<Presign, "key" | "query" | "headers"> & { size: number; signedAt: Date }

const presignUpload = ({ key, size, signedAt, query, headers }: Upload) =>
  presign({
    method: "PUT",
    key,
    query,
    headers: { ...headers, "content-length": String(size) },
    expiresIn: PUT_TTL_SECONDS,
    signingDate: signedAt,
  })

type Presign = {
  method: string
  key: string
  presigner?: S3RequestPresigner
  baseUrl?: Promise<URL>
  query: Record<string, string>
  headers: Record<string, string>
  expiresIn: number
  /** The database's time. Without it the signer would use this process's clock. */
  signingDate: Date
}

async function presign({ method, key, query, headers, ...rest }: Presign) {
  const client = storageClient()
  const { presigner = client.presigner, baseUrl = client.publicBaseUrl, ...options } = rest
  const { protocol, hostname, port, pathname } = await baseUrl
  // Keys consist only of [a-z0-9/], so the path needs no escaping.
  const path = `${pathname}${key}`
  const request = { method, protocol, hostname, path, query, headers: { ...headers } }
  const signed = await presigner.presign(port ? { ...request, port: Number(port) } : request, {
    ...options,
    signableHeaders: new Set(["host", ...Object.keys(headers)]),
    unhoistableHeaders: new Set([CHECKSUM]), // some stores ignore it in the query
  })
  return `${protocol}//${hostname}${port ? `:${port}` : ""}${path}?${queryString(signed.query ?? {})}`
}

function queryString(query: Record<string, string | string[] | null>) {
  return Object.entries(query)
    .map(([name, value]) => `${encode(name)}=${encode(String(value))}`)
    .join("&")
}

// Encodes by RFC 3986, as SigV4 requires; encodeURIComponent leaves !'()* unescaped.
const encode = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )
