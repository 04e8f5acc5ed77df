import { element } from "../element.ts"
import type { ShownFile } from "../host.ts"

/**
 * The enlarged thumbnail of the page, or the picture that fills it, shown until the image is loaded;
 * null if the page has none. It is drawn to a canvas, because a second element with its URL would request it again.
 */
export function placeholder({ id, kind }: ShownFile): HTMLElement | null {
  if (kind !== "image") return null
  const small = document.querySelector<HTMLImageElement>(`img[src*="/${id}"]`)
  if (!small?.complete || small.naturalWidth === 0) return null
  const canvas = element("canvas", { class: "viewer-placeholder", "aria-hidden": "true" })
  canvas.width = small.naturalWidth
  canvas.height = small.naturalHeight
  canvas.getContext("2d")?.drawImage(small, 0, 0)
  return element("div", { class: "viewer-picture" }, canvas)
}
