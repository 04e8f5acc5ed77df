import { S3Error } from "./s3-error.ts"
import {
  badCredential,
  type Claim,
  hasQuery,
  readClaim,
  type SignedRequest,
} from "./signed-claim.ts"
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

export type Credentials = { accessKeyId: string; secretAccessKey: string; region: string }

/** What a request proved: how its body is to be checked, and what signed chunks continue from. */
export type Proof = {
  presigned: boolean
  payloadHash: string
  seed: { key: Buffer; scope: Scope; amzDate: string; signature: string }
}

/**
 * Verifies AWS Signature Version 4 in the Authorization header or in the query. Refuses with S3's
 * codes: expired, skewed, unknown key, unsigned x-amz-* headers, wrong signature, no signature.
 */
export function authenticate(request: SignedRequest, credentials: Credentials, now: Date): Proof {
  const claim = readClaim(request, now)
  checkScope(claim, credentials.region)
  if (!isSameSignature(credentials.accessKeyId, claim.accessKeyId))
    throw new S3Error("InvalidAccessKeyId", undefined, { AWSAccessKeyId: claim.accessKeyId })
  checkSignedHeaders(claim, request.headers)

  const canonical = canonicalRequest({
    method: request.method,
    target: request.target,
    headers: request.headers,
    signedHeaders: claim.signedHeaders,
    payloadHash: claim.payloadHash,
  })
  const text = stringToSign(claim.amzDate, claim.scope, canonical)
  const key = cachedSigningKey(credentials.secretAccessKey, claim.scope)
  if (!isSameSignature(signature(key, text), claim.signature))
    throw new S3Error("SignatureDoesNotMatch", undefined, {
      AWSAccessKeyId: claim.accessKeyId,
      StringToSign: text,
      SignatureProvided: claim.signature,
      CanonicalRequest: canonical,
    })
  if (request.headers.has("x-amz-security-token") || hasQuery(request, "X-Amz-Security-Token"))
    throw new S3Error("InvalidToken")

  const { presigned, payloadHash, amzDate, scope } = claim
  return { presigned, payloadHash, seed: { key, scope, amzDate, signature: claim.signature } }
}

function checkScope({ presigned, scope, amzDate }: Claim, region: string) {
  if (scope.region !== region)
    throw badCredential(presigned, `the region '${scope.region}' is wrong; expecting '${region}'`, {
      Region: region,
    })
  if (scope.service !== "s3")
    throw badCredential(
      presigned,
      `incorrect service "${scope.service}". This endpoint belongs to "s3".`,
    )
  if (scope.date !== amzDate.slice(0, 8))
    throw badCredential(
      presigned,
      `Invalid credential date "${scope.date}". This date is not the same as X-Amz-Date: "${amzDate.slice(0, 8)}".`,
    )
}

/** A signer vouches for the host and for every x-amz-* header, or the request is refused. */
function checkSignedHeaders({ signedHeaders }: Claim, headers: Headers) {
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
