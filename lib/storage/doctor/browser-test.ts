import "server-only"
import { randomBytes } from "node:crypto"
import { PutObjectCommand } from "@aws-sdk/client-s3"
import type { BrowserTest } from "#lib/checks/browser-test.ts"
import { databaseTime } from "#lib/database/time.ts"
import { inTime } from "#lib/outages/in-time.ts"
import { CORS_HEADERS } from "#lib/storage/rights/bucket-rules.ts"
import { refusal } from "#lib/text/sentences.ts"
import { PROBE_PREFIX } from "../capabilities.ts"
import { presignPut, publicStorageOrigin } from "../presign.ts"
import { inBucket, storageClient } from "../storage-client.ts"
import { clickAddress } from "./checks/check-public.ts"

const ANSWER_MS = 5_000
const TEXT = "a test of a browser"

/**
 * Makes a test for one browser: an address to upload a few bytes to, and one to download them from.
 * The hourly sweep removes both objects. Refuses (unavailable) if the store does not answer.
 */
export async function newBrowserTest(): Promise<BrowserTest> {
  const newKey = () => `${PROBE_PREFIX}${randomBytes(16).toString("hex")}`
  const key = newKey()
  const put = storageClient().s3.send(new PutObjectCommand({ ...inBucket(key), Body: TEXT }))
  await inTime(put, ANSWER_MS).catch(() => {
    throw refusal("unavailable", "storage", {}, { retryAfterSeconds: 5 })
  })
  const signedAt = await databaseTime()
  const upload = { key: newKey(), size: TEXT.length, contentType: "text/plain", signedAt }
  return {
    origin: await publicStorageOrigin(),
    put: { ...(await presignPut(upload)), body: TEXT },
    get: {
      url: await clickAddress({ now: async () => signedAt }, key),
      text: TEXT,
      exposed: CORS_HEADERS.exposed,
    },
  }
}
