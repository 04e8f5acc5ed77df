import type { Signer } from "#lib/adapters/configuration/parsers.ts"
import { configuration } from "#lib/adapters/configuration.ts"
import { probeColoursAgain } from "#lib/rooms/files/objects/colours.ts"
import { withFresh } from "#testing/forget-process-wide.ts"

/** The settings of the store that differ from the default. */
export type StorageConfiguration = {
  endpoint?: string
  publicEndpoint?: string
  bucket?: string
  keys?: { accessKeyId: string; secretAccessKey: string }
  signers?: Signer[] | undefined
}

/** Runs `work` while the app has these settings of the store. */
export async function withStorageConfiguration<Result>(
  { endpoint, publicEndpoint, bucket, keys, ...rest }: StorageConfiguration,
  work: () => Promise<Result>,
): Promise<Result> {
  const { S3_ENDPOINT, S3_PUBLIC_ENDPOINT, S3_BUCKET, S3_SIGNERS } = configuration
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env
  Object.assign(configuration, {
    S3_ENDPOINT: endpoint ?? S3_ENDPOINT,
    S3_PUBLIC_ENDPOINT: publicEndpoint ?? S3_PUBLIC_ENDPOINT,
    S3_BUCKET: bucket ?? S3_BUCKET,
    S3_SIGNERS: "signers" in rest ? rest.signers : S3_SIGNERS,
  })
  if (keys) {
    process.env.AWS_ACCESS_KEY_ID = keys.accessKeyId
    process.env.AWS_SECRET_ACCESS_KEY = keys.secretAccessKey
  }
  try {
    return await withFresh("storage client", work)
  } finally {
    Object.assign(configuration, { S3_ENDPOINT, S3_PUBLIC_ENDPOINT, S3_BUCKET, S3_SIGNERS })
    Object.assign(process.env, { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY })
    await probeColoursAgain()
  }
}
