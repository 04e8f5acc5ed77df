import { randomBytes } from "node:crypto"
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3"
import { env } from "#lib/env.ts"

/** Gives the test file a bucket that no other one writes to. Call it before anything asks the store. */
export async function useOwnBucket() {
  const client = new S3Client({
    ...(env.S3_ENDPOINT ? { endpoint: env.S3_ENDPOINT } : {}),
    region: env.S3_REGION,
    forcePathStyle: true,
  })
  const Bucket = `lapse-${randomBytes(8).toString("hex")}`
  await client.send(new CreateBucketCommand({ Bucket }))
  client.destroy()
  env.S3_BUCKET = Bucket
}
