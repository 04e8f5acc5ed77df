import "server-only"
import { S3ServiceException } from "@aws-sdk/client-s3"
import { statusOf } from "../client.ts"

/** How long the doctor waits for one answer to a request of its own, milliseconds. */
const ANSWER_MS = 5_000

/** Sends a request as a browser would, and reads the answer to its end. */
export async function ask(url: string, init: RequestInit = {}) {
  const signal = AbortSignal.timeout(ANSWER_MS)
  const answer = await fetch(url, { redirect: "manual", ...init, signal })
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

/** The error code of S3 in a body, or the status. */
export const codeIn = ({ status, text }: { status: number; text: string }) =>
  /<Code>([A-Za-z]+)<\/Code>/.exec(text)?.[1] ?? String(status)

/** What went wrong, in a word or two. */
export function reasonOf(error: unknown): string {
  if (error instanceof S3ServiceException) {
    const status = statusOf(error)
    return status === undefined ? error.name : `${error.name}, ${status}`
  }
  const cause = error instanceof Error ? error.cause : undefined
  for (const each of [error, cause]) {
    if (each instanceof AggregateError && each.errors[0]) return reasonOf(each.errors[0])
    if (each instanceof Error && "code" in each) return String(each.code)
  }
  return error instanceof Error ? error.message || error.name : String(error)
}

/** Whether the store refused: it answered, and with no. */
export const isRefusal = (error: unknown) => [401, 403].includes(statusOf(error) ?? 0)
