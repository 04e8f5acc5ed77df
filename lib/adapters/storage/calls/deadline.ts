import "server-only"
import type { S3Client } from "@aws-sdk/client-s3"
import { STORE_TIMEOUTS } from "./store-timeouts.ts"

type Sent = { abortSignal?: AbortSignal }

/**
 * Gives every call of this client a deadline. The SDK's own timeouts apply to one attempt, and none
 * of them covers an answer whose body does not arrive. A call's `abortSignal` replaces the default.
 */
export function withDeadline(client: S3Client): S3Client {
  const { send } = client
  return Object.assign(client, {
    send: (command: unknown, options: Sent = {}): Promise<unknown> => {
      const abortSignal = options.abortSignal ?? AbortSignal.timeout(STORE_TIMEOUTS.total)
      const answer: Promise<unknown> = Reflect.apply(send, client, [
        command,
        { ...options, abortSignal },
      ])
      return untilAborted(answer, abortSignal)
    },
  })
}

function untilAborted<Answer>(answer: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const onAbort = () => reject(unanswered(signal.reason))
  signal.addEventListener("abort", onAbort, { once: true })
  answer
    .then(resolve, (error) => reject(signal.aborted ? unanswered(error) : error))
    .finally(() => signal.removeEventListener("abort", onAbort))
  return promise
}

/** Makes an error like the SDK's without an answer, which count as an outage of the store. */
const unanswered = (cause: unknown) =>
  Object.assign(new Error("the store did not answer in time", { cause }), {
    name: "TimeoutError",
    $metadata: {},
  })
