import { HeadBucketCommand, HeadObjectCommand } from "@aws-sdk/client-s3"
import { describe, expect, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"
import { inBucket, storageClient } from "#lib/adapters/storage/storage-client.ts"

async function calls(operation: string, outcome: string) {
  const { values } = await metrics().storeCalls.get()
  const own = values.find(
    ({ labels }) => labels.operation === operation && labels.outcome === outcome,
  )
  return own?.value ?? 0
}

describe("calls of the bucket", () => {
  it("are counted by operation, and by whether the store answered, refused or failed", async () => {
    const { s3, s3Once } = storageClient()
    const before = [
      await calls("HeadBucket", "ok"),
      await calls("HeadObject", "refused"),
      await calls("HeadObject", "failed"),
    ]

    await s3.send(new HeadBucketCommand({ Bucket: configuration.S3_BUCKET }))
    await s3Once.send(new HeadObjectCommand(inBucket("o/none"))).catch(() => {})
    const abortSignal = AbortSignal.abort()
    await s3Once.send(new HeadObjectCommand(inBucket("o/none")), { abortSignal }).catch(() => {})

    expect(await calls("HeadBucket", "ok")).toBe((before[0] ?? 0) + 1)
    expect(await calls("HeadObject", "refused")).toBe((before[1] ?? 0) + 1)
    expect(await calls("HeadObject", "failed")).toBe((before[2] ?? 0) + 1)
  })
})
