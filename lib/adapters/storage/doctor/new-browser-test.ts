import "server-only"
import { randomBytes } from "node:crypto"
import { PutObjectCommand } from "@aws-sdk/client-s3"
import { databaseTime } from "#lib/adapters/database/time.ts"
import type { BrowserTest } from "#lib/adapters/findings/browser-test.ts"
import { inTime } from "#lib/adapters/outages/in-time.ts"
import { CORS_HEADERS } from "#lib/adapters/storage/rights/bucket-rules.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { PROBE_PREFIX } from "../capabilities.ts"
import { presignPart, presignPut, publicStorageOrigin } from "../presign.ts"
import { inBucket, storageClient } from "../storage-client.ts"
import { createMultipart } from "../uploads/multipart.ts"
import { clickAddress } from "./checks/check-public.ts"

const ANSWER_MS = 5_000
const TEXT = "a test of a browser"

/**
 * Makes a test for one browser: addresses to upload a few bytes to, and one to download some from.
 * The hourly sweep removes the objects. Refuses (unavailable) if the store does not answer.
 */
export async function newBrowserTest(): Promise<BrowserTest> {
  const newKey = () => `${PROBE_PREFIX}${randomBytes(16).toString("hex")}`
  const key = newKey()
  const put = storageClient().s3.send(new PutObjectCommand({ ...inBucket(key), Body: TEXT }))
  await inTime(put, ANSWER_MS).catch(() => {
    throw refusal("unavailable", "storage", {}, { retryAfterSeconds: 5 })
  })
  const signedAt = await databaseTime()
  const sent = { size: TEXT.length, signedAt }
  const contentType = "text/plain"
  const part = { key: newKey(), partNumber: 1, ...sent }
  const { uploadId } = await createMultipart(part.key, { contentType, checksums: false })
  const signed = [
    await presignPut({ key: newKey(), contentType, ...sent }),
    await presignPart({ ...part, uploadId }),
  ]
  return {
    origin: await publicStorageOrigin(),
    puts: signed.map((put) => ({ ...put, body: TEXT })),
    get: {
      url: await clickAddress({ now: async () => signedAt }, key),
      text: TEXT,
      exposed: CORS_HEADERS.exposed,
    },
  }
}
