import { setHost } from "#components/viewer/host.ts"
import { isDrawable } from "#components/viewer/media/drawable.ts"
import { loadViewerStyles } from "#components/viewer/viewer-styles.ts"
import { mark } from "#components/viewer/watermark.ts"
import { loadWords, pageData } from "../page-data.ts"
import { visitorHost } from "./visitor-host.ts"

const LOOK_MS = 50

/**
 * Loads the page's picture from its preview URL, which counts as a preview, and shows it with its
 * watermark once its size is known. A broken or oversized picture stays a link. The first page of a
 * PDF stays small, with the watermark.
 */
export async function showPicture(link: HTMLAnchorElement) {
  const small = link.querySelector("img")
  if (link.dataset.kind === "pdf") {
    if (small) link.replaceChildren(small, ...(await watermarks()))
    return
  }
  const image = new Image()
  image.src = link.href
  if (small?.complete) shape(link, small)
  const marks = pageData.watermark ? await watermarks() : []
  const timer = setInterval(() => {
    if (!image.naturalWidth && !image.complete) return
    clearInterval(timer)
    if (!isDrawable(image)) return
    image.alt = ""
    shape(link, image)
    link.dataset.shown = ""
    link.replaceChildren(image, ...marks)
  }, LOOK_MS)
}

/** Gives the stage the proportions of its picture. */
function shape(link: HTMLElement, { naturalWidth, naturalHeight }: HTMLImageElement) {
  if (naturalWidth > 0) link.style.setProperty("--ratio", `${naturalWidth} / ${naturalHeight}`)
}

async function watermarks() {
  setHost(visitorHost)
  await Promise.all([loadWords(), loadViewerStyles()])
  return mark("image")
}
