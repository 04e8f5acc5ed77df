import type { Token } from "marked"
import { host } from "../host.ts"
import type { HighlightTree } from "./highlight-tree.ts"

/** The requests and answers of parser-worker.ts. */
export type ParserRequest =
  | { kind: "markdown"; text: string }
  | { kind: "code"; text: string; name: string }

type ParserAnswer<Request extends ParserRequest> = Request extends { kind: "markdown" }
  ? Token[] | null
  : HighlightTree | null

/** A text that takes longer is malicious: patterns of parsers can be made to backtrack. */
const MAX_MS = 5_000

/**
 * Parses a text in a worker, so that no file can freeze the page. Null if that failed, took too
 * long, or produced more than a page can show. Throws only when aborted.
 */
export function parseAside<Request extends ParserRequest>(
  request: Request,
  signal: AbortSignal,
): Promise<ParserAnswer<Request> | null> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const worker = new Worker(host.assets?.parser ?? "", { type: "module" })
    const end = (answer: ParserAnswer<Request> | null) => {
      clearTimeout(timer)
      worker.terminate()
      if (signal.aborted) reject(signal.reason)
      else resolve(answer)
    }
    const timer = setTimeout(end, MAX_MS, null)
    worker.onmessage = ({ data }: MessageEvent<ParserAnswer<Request>>) => end(data)
    worker.onerror = (event) => {
      event.preventDefault()
      end(null)
    }
    signal.addEventListener("abort", () => end(null))
    worker.postMessage(request)
  })
}
