import { loadWords, pageData } from "../../page-data.ts"
import { loadViewerStyles } from "../viewer-styles.ts"
import { isDrawable } from "./drawable.ts"

const LOOK_MS = 50

/**
 * Loads the picture on the page's stage through its preview, which counts as one, and shows it as
 * soon as its size is known, with its watermark. One that is too large or broken stays a link.
 */
export async function showPicture(link: HTMLAnchorElement) {
  const image = new Image()
  image.src = link.href
  const small = link.querySelector("img")
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
  const [{ mark }] = await Promise.all([import("../watermark.ts"), loadWords(), loadViewerStyles()])
  return mark("image")
}
