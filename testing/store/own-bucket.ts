import { randomBytes } from "node:crypto"
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3"
import { configuration } from "#lib/adapters/configuration.ts"

/** Gives the test file a separate bucket. Call it before the first call of the store. */
export async function useOwnBucket() {
  const client = new S3Client({
    ...(configuration.S3_ENDPOINT ? { endpoint: configuration.S3_ENDPOINT } : {}),
    region: configuration.S3_REGION,
    forcePathStyle: true,
  })
  const Bucket = `lapse-${randomBytes(8).toString("hex")}`
  await client.send(new CreateBucketCommand({ Bucket }))
  client.destroy()
  configuration.S3_BUCKET = Bucket
}
