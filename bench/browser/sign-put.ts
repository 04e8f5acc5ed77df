import { randomUUID } from "node:crypto"
import { DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3"
import { getSignedUrl } from "@aws-sdk/s3-request-presigner"
import type { App } from "../app.ts"

export type Signing = {
  app: Pick<App, "secret">
  /** The address of the store on the line. */
  storeUrl: string
  size: number
}

/** Signs one PUT of an object with the type video/quicktime; `remove` deletes it afterwards. */
export async function signPut({ app, storeUrl, size }: Signing) {
  const client = new S3Client({
    endpoint: storeUrl,
    region: "us-east-1",
    forcePathStyle: true,
    requestChecksumCalculation: "WHEN_REQUIRED",
    credentials: {
      accessKeyId: app.secret("local-s3-access-key-id"),
      secretAccessKey: app.secret("local-s3-secret-access-key"),
    },
  })
  const object = { Bucket: "lapse", Key: `bench/${randomUUID()}` }
  const put = new PutObjectCommand({
    ...object,
    ContentLength: size,
    ContentType: "video/quicktime",
  })
  return {
    url: await getSignedUrl(client, put, { expiresIn: 900 }),
    async remove() {
      await client.send(new DeleteObjectCommand(object))
      client.destroy()
    },
  }
}
