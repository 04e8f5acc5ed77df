import type { BrowserResult, BrowserTest } from "#lib/adapters/findings/browser-test.ts"

const ANSWER_MS = 10_000

/** Uploads to the store and downloads from it as pages do. Returns null if all of it works. */
export async function tryBrowser({ puts, get }: BrowserTest): Promise<BrowserResult> {
  for (const { url, headers, body } of puts) {
    const uploaded = await ask(url, { method: "PUT", headers, body })
    if (!uploaded?.ok) return { failed: "upload", reason: reasonOf(uploaded) }
  }
  const downloaded = await ask(get.url, { headers: { range: "bytes=0-" } })
  if (!downloaded?.ok) return { failed: "download", reason: reasonOf(downloaded) }
  const missing = get.exposed.filter((name) => !downloaded.headers.has(name))
  if (missing.length > 0) return { failed: "headers", reason: missing.join(", ") }
  const text = await downloaded.text().catch(() => null)
  return text === get.text ? null : { failed: "download", reason: "other bytes" }
}

/** Null if the browser got no answer, or does not let the page read it. */
const ask = (url: string, init: RequestInit) =>
  fetch(url, { ...init, signal: AbortSignal.timeout(ANSWER_MS) }).catch(() => null)

const reasonOf = (answer: Response | null) => (answer ? String(answer.status) : "no answer")
