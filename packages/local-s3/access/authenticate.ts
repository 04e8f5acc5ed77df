import { S3Error } from "../s3-error.ts"
import type { AccessKeys, AccessRule } from "./access-keys.ts"
import {
  type Authorization,
  hasQuery,
  malformedCredential,
  readAuthorization,
  type SignedRequest,
} from "./authorization.ts"
import {
  canonicalRequest,
  type Headers,
  isSameSignature,
  type Scope,
  scopeText,
  signature,
  signingKey,
  stringToSign,
} from "./sigv4.ts"

type Credentials = { keys: AccessKeys; region: string }

/** A verified request: the hash of its body, and the state that signed chunks continue. */
export type Authentication = {
  presigned: boolean
  payloadHash: string
  /** When the presigned URL expires; null for a signed header. */
  expiresAt: number | null
  /** The restriction of the key that signed; null for the key that may do everything. */
  rule: AccessRule | null
  seed: { key: Buffer; scope: Scope; amzDate: string; signature: string }
}

/**
 * Verifies AWS Signature Version 4 in the Authorization header or in the query. Refuses with S3's
 * codes: expired, skewed, unknown key, unsigned x-amz-* headers, wrong signature, no signature.
 */
export function authenticate(
  request: SignedRequest,
  credentials: Credentials,
  now: Date,
): Authentication {
  const authorization = readAuthorization(request, now)
  checkScope(authorization, credentials.region)
  const accessKey = credentials.keys.get(authorization.accessKeyId)
  if (!accessKey)
    throw new S3Error("InvalidAccessKeyId", undefined, {
      AWSAccessKeyId: authorization.accessKeyId,
    })
  checkSignedHeaders(authorization, request.headers)

  const canonical = canonicalRequest({
    method: request.method,
    target: request.target,
    headers: request.headers,
    signedHeaders: authorization.signedHeaders,
    payloadHash: authorization.payloadHash,
  })
  const text = stringToSign(authorization.amzDate, authorization.scope, canonical)
  const key = cachedSigningKey(accessKey.secretAccessKey, authorization.scope)
  if (!isSameSignature(signature(key, text), authorization.signature))
    throw new S3Error("SignatureDoesNotMatch", undefined, {
      AWSAccessKeyId: authorization.accessKeyId,
      StringToSign: text,
      SignatureProvided: authorization.signature,
      CanonicalRequest: canonical,
    })
  if (request.headers.has("x-amz-security-token") || hasQuery(request, "X-Amz-Security-Token"))
    throw new S3Error("InvalidToken")

  const { presigned, payloadHash, expiresAt, amzDate, scope } = authorization
  return {
    presigned,
    payloadHash,
    expiresAt,
    rule: accessKey.rule,
    seed: { key, scope, amzDate, signature: authorization.signature },
  }
}

function checkScope({ presigned, scope, amzDate }: Authorization, region: string) {
  if (scope.region !== region)
    throw malformedCredential(
      presigned,
      `the region '${scope.region}' is wrong; expecting '${region}'`,
      {
        Region: region,
      },
    )
  if (scope.service !== "s3")
    throw malformedCredential(
      presigned,
      `incorrect service "${scope.service}". This endpoint belongs to "s3".`,
    )
  if (scope.date !== amzDate.slice(0, 8))
    throw malformedCredential(
      presigned,
      `Invalid credential date "${scope.date}". This date is not the same as X-Amz-Date: "${amzDate.slice(0, 8)}".`,
    )
}

/** Requires that the signature covers the host and every x-amz-* header that was sent. */
function checkSignedHeaders({ signedHeaders }: Authorization, headers: Headers) {
  const required = [...headers.keys()].filter((name) => name.startsWith("x-amz-"))
  const missing = ["host", ...required].filter((name) => !signedHeaders.includes(name))
  if (missing.length > 0)
    throw new S3Error(
      "AccessDenied",
      "There were headers present in the request which were not signed",
      { HeadersNotSigned: missing.join(", ") },
    )
}

const keys = new Map<string, Buffer>()

function cachedSigningKey(secret: string, scope: Scope) {
  const id = `${secret}/${scopeText(scope)}`
  const known = keys.get(id)
  if (known) return known
  const key = signingKey(secret, scope)
  if (keys.size > 100) keys.clear()
  keys.set(id, key)
  return key
}
