import { S3Client } from "@aws-sdk/client-s3"
import type { TestStore } from "#testing/run/test-environment.ts"

/** A client of a test's store with these keys. */
export const s3ClientFor = ({ endpoint, accessKeyId, secretAccessKey }: TestStore) =>
  new S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  })
