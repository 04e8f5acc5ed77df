import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3"
import { type LocalS3Options, startLocalS3 } from "./server.ts"

export const KEYS = { accessKeyId: "AKIDTEST", secretAccessKey: "a-secret-of-the-tests" }
export const BUCKET = "bucket"

/** A store on a free port in a directory of its own, a bucket in it, and the AWS SDK as its client. */
export async function aStore(options: Partial<LocalS3Options> = {}) {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), "local-s3-")))
  const errors: unknown[] = []
  const start = (port: number) =>
    startLocalS3({
      dir,
      host: "127.0.0.1",
      port,
      ...KEYS,
      onError: (error) => errors.push(error),
      ...options,
    })
  let server = await start(0)
  const { url, port } = server
  const s3 = aClient(url)
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
  return {
    dir,
    url,
    s3,
    /** What the store reported as bugs; a test should find it empty. */
    errors,
    restart: async () => {
      await server.close()
      server = await start(port)
    },
    close: async () => {
      s3.destroy()
      await server.close()
      if (!options.dir) await rm(dir, { recursive: true, force: true })
    },
  }
}

export function aClient(url: string, credentials = KEYS) {
  return new S3Client({
    endpoint: url,
    region: "us-east-1",
    forcePathStyle: true,
    credentials,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    maxAttempts: 1,
  })
}
