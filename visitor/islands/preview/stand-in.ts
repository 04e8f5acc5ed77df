import { element } from "./element.ts"
import type { PreviewFile } from "./stage.ts"

/**
 * The small picture of the page's list, enlarged, until the picture itself is there; null where the
 * list shows none. It is in the browser already: nothing is asked for, and nothing counted.
 */
export function standIn({ id, kind }: PreviewFile): HTMLElement | null {
  if (kind !== "image") return null
  const small = document.querySelector<HTMLImageElement>(`#files img[src$="/t/${id}"]`)
  if (!small?.complete || small.naturalWidth === 0) return null
  const attributes = { class: "viewer-stand-in", src: small.src, alt: "" }
  return element("div", { class: "viewer-picture" }, element("img", attributes))
}
