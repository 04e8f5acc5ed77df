import "server-only"
import { type S3Client, S3ServiceException } from "@aws-sdk/client-s3"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"

/** Counts the calls of a client in the metrics by operation, with their duration and outcome. */
export function countCalls(client: S3Client): S3Client {
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (call) => {
        const operation = commandName.replace(/Command$/, "")
        const startedAt = performance.now()
        const count = (outcome: string) => {
          metrics().storeCalls.inc({ operation, outcome })
          metrics().storeSeconds.observe({ operation }, (performance.now() - startedAt) / 1000)
        }
        try {
          const answer = await next(call)
          count("ok")
          return answer
        } catch (error) {
          count(isRefusal(error) ? "refused" : "failed")
          // A store's error does not name the operation.
          throw error instanceof Error ? Object.assign(error, { operation }) : error
        }
      },
    { step: "initialize", name: "lapseCountCalls" },
  )
  return client
}

/** Whether the store answered and was able to handle the request. */
const isRefusal = (error: unknown) =>
  error instanceof S3ServiceException && (error.$metadata.httpStatusCode ?? 500) < 500
