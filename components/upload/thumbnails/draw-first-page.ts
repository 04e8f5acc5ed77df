import "client-only"
import { openFrame, pdfFrame } from "#components/viewer/pdf/open-frame.ts"
import type { ViewerFiles } from "#lib/rooms/files/reads/own-scripts.ts"

/** A file can keep PDF.js busy forever. */
const TIMEOUT_MS = 30_000

/**
 * Draws the first page of a PDF in a hidden sandboxed frame. Returns null for a damaged or locked PDF,
 * and for one that takes too long.
 */
export async function drawFirstPage(body: Blob, pixels: number, files: ViewerFiles["pdf"]) {
  const ended = new AbortController()
  const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(TIMEOUT_MS)])
  const frame = pdfFrame(files, { class: "sr-only", "aria-hidden": "true", tabindex: "-1" })
  document.body.append(frame)
  try {
    return await new Promise<ImageBitmap | null>((resolve, reject) => {
      signal.addEventListener("abort", () => resolve(null))
      const read = async (begin: number, end: number) =>
        new Uint8Array(await body.slice(begin, end).arrayBuffer())
      const hear = (message: object) => {
        const drawn = "picture" in message ? message.picture : null
        resolve(drawn instanceof ImageBitmap ? drawn : null)
      }
      const opening = { size: body.size, pixels }
      openFrame(frame, opening, { files, signal, read, hear }).catch(reject)
    })
  } catch {
    return null
  } finally {
    ended.abort()
    frame.remove()
  }
}
