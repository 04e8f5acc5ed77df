import { loadImage } from "./load-image.ts"
import { mintPreview } from "./mint-preview.ts"
import type { PreviewFile } from "./stage.ts"

export type Ahead = {
  /** Loads the picture that comes next, in place of the one before. */
  load: (file: PreviewFile) => Promise<void>
  /** The picture of this file, if it was loaded. */
  take: (fileId: string) => HTMLImageElement | undefined
  stop: () => void
}

/**
 * Loads the next picture while the present one is looked at. The server counts that as a look, so
 * it begins when a reader goes on to a second file, and is never in the way of one that waits.
 */
export function loadAhead(): Ahead {
  let ready: { id: string; image: HTMLImageElement } | null = null
  let leaving = new AbortController()
  const stop = () => {
    leaving.abort()
    leaving = new AbortController()
    ready = null
  }
  return {
    async load({ id, kind }) {
      stop()
      if (kind !== "image") return
      const { signal } = leaving
      const minted = await mintPreview(id, signal, stop).catch(() => null)
      if (!minted || typeof minted === "string") return
      const image = await loadImage(minted.url)
      if (image && !signal.aborted) ready = { id, image }
    },
    take: (id) => (ready?.id === id ? ready.image : undefined),
    stop,
  }
}
