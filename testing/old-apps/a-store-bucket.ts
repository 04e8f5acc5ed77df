import { randomBytes } from "node:crypto"
import { CreateBucketCommand } from "@aws-sdk/client-s3"
import { configuration } from "#lib/adapters/configuration.ts"
import { s3ClientFor } from "#testing/store/s3-client.ts"

/** A new bucket in the tests' store, beside the app's bucket. */
export async function aStoreBucket() {
  const client = s3ClientFor({
    endpoint: configuration.S3_ENDPOINT ?? "",
    accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? "",
    secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? "",
  })
  const bucket = `old-app-${randomBytes(8).toString("hex")}`
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  return { client, bucket }
}
