import "server-only"
import { reasonOf } from "../reason-of.ts"

/** How long the doctor waits for one answer to a request of its own, milliseconds. */
const ANSWER_MS = 5_000

/** A server may close a connection at the moment in which it is used again. */
const CLOSED = ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]

/** Sends a request as a browser would, and reads the answer to its end. */
export async function ask(url: string, init: RequestInit = {}) {
  const signal = AbortSignal.timeout(ANSWER_MS)
  const send = () => fetch(url, { redirect: "manual", ...init, signal })
  const answer = await send().catch((error: unknown) => {
    if (!CLOSED.includes(reasonOf(error))) throw error
    return send()
  })
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

/** The error code of S3 in a body, or the status. */
export const codeIn = ({ status, text }: { status: number; text: string }) =>
  /<Code>([A-Za-z]+)<\/Code>/.exec(text)?.[1] ?? String(status)
