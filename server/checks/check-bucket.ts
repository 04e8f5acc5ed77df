import { SetupError } from "#lib/adapters/errors.ts"

/** Throws a SetupError that names the setting if the bucket cannot be used. */
export async function requireBucket(check: () => Promise<void>, bucket: string, endpoint?: string) {
  try {
    await check()
  } catch (error) {
    throw explain(error, bucket, endpoint ?? "AWS")
  }
}

function explain(error: unknown, bucket: string, place: string) {
  if (!(error instanceof Error)) return error
  const metadata = "$metadata" in error ? error.$metadata : undefined
  const status =
    metadata && typeof metadata === "object" && "httpStatusCode" in metadata
      ? metadata.httpStatusCode
      : undefined
  if (status === 404)
    return new SetupError(
      `S3_BUCKET: there is no bucket "${bucket}" at ${place}: create it, or correct S3_BUCKET, S3_ENDPOINT or S3_REGION.`,
      { cause: error },
    )
  if (status === 403 || status === 401)
    return new SetupError(
      `S3_BUCKET: ${place} does not let these credentials use the bucket "${bucket}": correct AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the rights of their owner.`,
      { cause: error },
    )
  if (status === 301 || status === 400)
    return new SetupError(
      `S3_REGION: ${place} answered ${status} for the bucket "${bucket}": set S3_REGION to the region it is in, and S3_ENDPOINT to the address of that region.`,
      { cause: error },
    )
  if (error.name === "CredentialsProviderError")
    return new SetupError(
      "S3_BUCKET is set and no credentials are: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or another source that the AWS SDK knows.",
      { cause: error },
    )
  const code = "code" in error ? ` (${error.code})` : ` (${error.name})`
  return new SetupError(
    `S3_ENDPOINT: no object store answers at ${place}${code}: start it, or correct S3_ENDPOINT.`,
    { cause: error },
  )
}
