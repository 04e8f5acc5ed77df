import "server-only"
import type { S3Client } from "@aws-sdk/client-s3"
import { noticeTime } from "#lib/adapters/host/clock-jumps.ts"

type Answer = { headers?: Record<string, string> } | undefined

/** Records the store's time from every answer to this client, including refusals. */
export function noticeDate(client: S3Client): S3Client {
  client.middlewareStack.add(
    (next) => async (call) => {
      const result = await next(call)
      const saidMs = Date.parse((result.response as Answer)?.headers?.date ?? "")
      if (!Number.isNaN(saidMs)) noticeTime("store", saidMs)
      return result
    },
    // Runs before the SDK's step that turns a refusal into an error.
    { step: "deserialize", priority: "low", name: "lapseNoticeDate" },
  )
  return client
}
