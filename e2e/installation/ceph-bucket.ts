import { randomBytes } from "node:crypto"
import { CreateBucketCommand, PutBucketCorsCommand } from "@aws-sdk/client-s3"
import type { Ceph } from "#testing/ceph/ceph.ts"
import { signerPolicy } from "#testing/ceph/signer-policy.ts"
import { s3ClientFor } from "#testing/store/s3-client.ts"

const COLOURS = ["red", "white"]
const userOf = (bucket: string) => (colour: string) => `${bucket}-${colour}`
const keysOf = (bucket: string, colour: string) => ({
  accessKeyId: userOf(bucket)(colour),
  secretAccessKey: `a secret of the key of ${colour}`.replaceAll(" ", "-"),
})

/** The store's URL for browsers, whose host name differs from the one for the app's calls. */
export const publicUrl = ({ endpoint }: Ceph) => endpoint.replace("127.0.0.1", "localhost")

/** Creates a bucket with two signers; returns the settings of an installation that uses it. */
export async function makeCephBucket(ceph: Ceph): Promise<Record<string, string>> {
  const bucket = `browsers-${randomBytes(8).toString("hex")}`
  await makeBucket(ceph, bucket)
  for (const colour of COLOURS)
    await ceph.createUser(userOf(bucket)(colour), keysOf(bucket, colour))
  await ceph.putBucketPolicy(bucket, signerPolicy(bucket, COLOURS, userOf(bucket)))
  return {
    S3_BUCKET: bucket,
    S3_ENDPOINT: ceph.endpoint,
    S3_PUBLIC_ENDPOINT: publicUrl(ceph),
    AWS_ACCESS_KEY_ID: ceph.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ceph.secretAccessKey,
    S3_SIGNERS: COLOURS.map((colour) => {
      const { accessKeyId, secretAccessKey } = keysOf(bucket, colour)
      return [colour, accessKeyId, secretAccessKey].join(":")
    }).join(","),
  }
}

async function makeBucket(ceph: Ceph, bucket: string) {
  const client = s3ClientFor({ ...ceph, endpoint: publicUrl(ceph) })
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  // As documented in the README.
  const rule = {
    AllowedOrigins: ["*"],
    AllowedMethods: ["GET", "HEAD", "PUT"],
    AllowedHeaders: ["*"],
    ExposeHeaders: ["ETag", "Content-Range", "Content-Length", "Accept-Ranges"],
  }
  await client.send(
    new PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration: { CORSRules: [rule] } }),
  )
  client.destroy()
}
