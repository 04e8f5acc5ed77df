import "server-only"
import { GetBucketLifecycleConfigurationCommand } from "@aws-sdk/client-s3"
import { configuration } from "#lib/adapters/configuration.ts"
import { type Found, json } from "#lib/adapters/findings/finding.ts"
import { isRefusal } from "#lib/adapters/storage/calls/reason-of.ts"
import {
  abortsStaleParts,
  findEarlyRule,
  findHarmfulRule,
  stalePartsRule,
} from "#lib/adapters/storage/rights/bucket-rules.ts"
import { isStoreError, statusOf, storageClient } from "#lib/adapters/storage/storage-client.ts"

const NO_RULES = ["NoSuchLifecycleConfiguration", "NoSuchLifecycle"]
const UNKNOWN = [400, 404, 405, 501]

/** Checks that the bucket aborts forgotten multipart uploads, and deletes nothing else itself. */
export async function checkLifecycle(): Promise<Found<"lifecycle">> {
  const rules = await readRules()
  if (!Array.isArray(rules)) return { state: "skipped", code: rules }
  const rule = findHarmfulRule(rules)
  if (rule !== null) return { state: "fail", code: "harmful", values: { rule } }
  const early = findEarlyRule(rules)
  if (early) return { state: "warn", code: "early", values: early }
  if (abortsStaleParts(rules)) return { state: "ok", code: "ok" }
  const paste = json({ Rules: [stalePartsRule] })
  return { state: "warn", code: "none", paste }
}

async function readRules() {
  const { S3_BUCKET: Bucket } = configuration
  try {
    const { Rules } = await storageClient().s3.send(
      new GetBucketLifecycleConfigurationCommand({ Bucket }),
    )
    return Rules ?? "unknown" // OpenStack Swift answers with a list of the objects
  } catch (error) {
    if (isStoreError(error, ...NO_RULES)) return []
    if (isRefusal(error)) return "not_readable"
    if (UNKNOWN.includes(statusOf(error) ?? 0)) return "unknown"
    throw error
  }
}
