import { percentDecode, queryValue, type Target, uriEncode } from "../requests/uri.ts"
import { S3Error } from "../s3-error.ts"
import { ALGORITHM, type Headers, parseAmzDate, type Scope } from "./sigv4.ts"

const MAX_SKEW_MS = 15 * 60_000
const MAX_EXPIRES_SECONDS = 604_800

export type SignedRequest = { method: string; target: Target; headers: Headers }

/** The signature data of a request. The times are already checked, the signature is not. */
export type Authorization = {
  presigned: boolean
  accessKeyId: string
  scope: Scope
  signedHeaders: string[]
  signature: string
  amzDate: string
  payloadHash: string
  /** When a presigned URL expires; null for a signed header, which does not expire. */
  expiresAt: number | null
}

/** Reads the Authorization header or presigned query. Refuses malformed, early, or late ones. */
export function readAuthorization(request: SignedRequest, now: Date): Authorization {
  const header = request.headers.get("authorization")
  const inQuery = hasQuery(request, "X-Amz-Algorithm") || hasQuery(request, "X-Amz-Signature")
  if (header && inQuery)
    throw new S3Error(
      "InvalidArgument",
      "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified",
    )
  if (inQuery) return readPresignedQuery(request, now)
  if (header) return readAuthorizationHeader(request, header, now)
  if (hasQuery(request, "AWSAccessKeyId")) throw unsupportedMechanism()
  if (request.target.query.some(([name]) => name.startsWith("response-")))
    throw new S3Error(
      "InvalidRequest",
      "Request specific response headers cannot be used for anonymous GET requests.",
    )
  throw new S3Error("AccessDenied")
}

function readAuthorizationHeader(
  { headers }: SignedRequest,
  lines: readonly string[],
  now: Date,
): Authorization {
  const [value = ""] = lines
  const space = value.indexOf(" ")
  if (lines.length !== 1 || value.slice(0, space) !== ALGORITHM) throw unsupportedMechanism()
  const fields = new Map<string, string>()
  for (const field of value.slice(space + 1).split(",")) {
    const equals = field.indexOf("=")
    const name = field.slice(0, equals).trim()
    if (equals === -1 || fields.has(name)) throw new S3Error("AuthorizationHeaderMalformed")
    fields.set(name, field.slice(equals + 1).trim())
  }
  const credential = fields.get("Credential")
  const signedHeaders = fields.get("SignedHeaders")
  const provided = fields.get("Signature")
  if (!credential || !signedHeaders || !provided || fields.size !== 3)
    throw new S3Error("AuthorizationHeaderMalformed")

  const payloadHash = joined(headers, "x-amz-content-sha256")
  if (!payloadHash)
    throw new S3Error(
      "InvalidRequest",
      "Missing required header for this request: x-amz-content-sha256",
    )
  return {
    presigned: false,
    ...readCredential(credential, false),
    signedHeaders: signedHeaders.split(";"),
    signature: provided,
    amzDate: headerDate(headers, now),
    payloadHash,
    expiresAt: null,
  }
}

function headerDate(headers: Headers, now: Date) {
  const amzDate = joined(headers, "x-amz-date")
  const time = amzDate ? parseAmzDate(amzDate) : Date.parse(joined(headers, "date") ?? "")
  if (time === null || Number.isNaN(time))
    throw new S3Error(
      "AccessDenied",
      "AWS authentication requires a valid Date or x-amz-date header",
    )
  if (Math.abs(now.getTime() - time) > MAX_SKEW_MS)
    throw new S3Error("RequestTimeTooSkewed", undefined, {
      RequestTime: new Date(time).toISOString(),
      ServerTime: now.toISOString(),
      MaxAllowedSkewMilliseconds: MAX_SKEW_MS,
    })
  return amzDate ?? new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, "")
}

function readPresignedQuery({ target, headers }: SignedRequest, now: Date): Authorization {
  const malformed = (message?: string) => new S3Error("AuthorizationQueryParametersError", message)
  const parameter = (name: string) => {
    const values = target.query.filter(([candidate]) => candidate === name)
    const [first] = values
    if (values.length !== 1 || !first?.[1])
      throw malformed(
        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
      )
    return first[1]
  }
  if (parameter("X-Amz-Algorithm") !== ALGORITHM)
    throw malformed(`X-Amz-Algorithm only supports "${ALGORITHM}"`)
  const credential = readCredential(parameter("X-Amz-Credential"), true)
  const provided = parameter("X-Amz-Signature")
  const signedHeaders = parameter("X-Amz-SignedHeaders").split(";")
  const amzDate = parameter("X-Amz-Date")
  const signedAt = parseAmzDate(amzDate)
  if (signedAt === null)
    throw malformed("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")
  const expires = parameter("X-Amz-Expires")
  if (!/^\d{1,9}$/.test(expires)) throw malformed("X-Amz-Expires should be a number")
  const expiresSeconds = Number(expires)
  if (expiresSeconds < 1 || expiresSeconds > MAX_EXPIRES_SECONDS)
    throw malformed(
      "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
    )

  const expiresAt = signedAt + expiresSeconds * 1000
  if (signedAt > now.getTime() + MAX_SKEW_MS)
    throw new S3Error("AccessDenied", "Request is not valid yet", {
      "X-Amz-Date": amzDate,
      ServerTime: now.toISOString(),
    })
  if (now.getTime() >= expiresAt)
    throw new S3Error("AccessDenied", "Request has expired", {
      "X-Amz-Expires": expiresSeconds,
      Expires: new Date(expiresAt).toISOString(),
      ServerTime: now.toISOString(),
    })
  // Only the exact signed text is valid, not another encoding of the same values.
  if (!isCanonicallyEncoded(target.rawQuery)) throw new S3Error("SignatureDoesNotMatch")

  return {
    presigned: true,
    ...credential,
    signedHeaders,
    signature: provided,
    amzDate,
    expiresAt,
    payloadHash:
      joined(headers, "x-amz-content-sha256") ??
      queryValue(target.query, "X-Amz-Content-Sha256") ??
      "UNSIGNED-PAYLOAD",
  }
}

function isCanonicallyEncoded(rawQuery: string) {
  return rawQuery.split("&").every((pair) => {
    const parts = pair.split("=")
    return (
      pair !== "" &&
      parts.length <= 2 &&
      parts.every((part) => uriEncode(percentDecode(part)) === part)
    )
  })
}

function readCredential(credential: string, presigned: boolean) {
  const parts = credential.split("/")
  const [terminator, service, region, date] = parts.reverse()
  const accessKeyId = parts.slice(4).reverse().join("/")
  if (!accessKeyId || !date || !region || !service || terminator !== "aws4_request")
    throw malformedCredential(
      presigned,
      'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    )
  return { accessKeyId, scope: { date, region, service } }
}

/** The error for a Credential that S3 rejects before it checks the signature. */
export function malformedCredential(
  presigned: boolean,
  what: string,
  details: Record<string, string> = {},
) {
  return presigned
    ? new S3Error(
        "AuthorizationQueryParametersError",
        `Error parsing the X-Amz-Credential parameter; ${what}`,
        details,
      )
    : new S3Error(
        "AuthorizationHeaderMalformed",
        `The authorization header is malformed; ${what}`,
        details,
      )
}

function unsupportedMechanism() {
  return new S3Error(
    "InvalidRequest",
    "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
  )
}

export function hasQuery({ target }: SignedRequest, name: string) {
  return target.query.some(([candidate]) => candidate === name)
}

function joined(headers: Headers, name: string) {
  return headers.get(name)?.join(",")
}
