import { element } from "./element.ts"
import type { PreviewFile } from "./stage.ts"

/**
 * The small picture of the page's list, enlarged, until the picture itself is there; null where the
 * list shows none. It is drawn anew: another element of its address would ask for it once more.
 */
export function standIn({ id, kind }: PreviewFile): HTMLElement | null {
  if (kind !== "image") return null
  const small = document.querySelector<HTMLImageElement>(`#files img[src$="/t/${id}"]`)
  if (!small?.complete || small.naturalWidth === 0) return null
  const canvas = element("canvas", { class: "viewer-stand-in", "aria-hidden": "true" })
  canvas.width = small.naturalWidth
  canvas.height = small.naturalHeight
  canvas.getContext("2d")?.drawImage(small, 0, 0)
  return element("div", { class: "viewer-picture" }, canvas)
}
