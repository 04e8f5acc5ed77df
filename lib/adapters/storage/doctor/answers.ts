import "server-only"

const ANSWER_MS = 5_000

/** Sends a request without the SDK, as a browser would, and reads the whole answer. */
export async function ask(url: string, init: RequestInit = {}) {
  const signal = AbortSignal.timeout(ANSWER_MS)
  const answer = await fetch(url, { redirect: "manual", ...init, signal })
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

/** The S3 error code in a body, or the status. */
export const codeIn = ({ status, text }: { status: number; text: string }) =>
  /<Code>([A-Za-z]+)<\/Code>/.exec(text)?.[1] ?? String(status)
