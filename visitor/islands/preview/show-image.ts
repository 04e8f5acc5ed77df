import { t } from "../page-data.ts"
import { element, iconButton } from "./element.ts"
import { makeZoomable } from "./image-zoom.ts"
import { loadImage } from "./load-image.ts"
import type { Stage } from "./stage.ts"

/**
 * What is larger takes gigabytes to draw, whatever the file has. Cameras have up to 150 million
 * pixels.
 */
const MAX_PIXELS = 200_000_000

/** Shows a picture, turned as its EXIF data says (which browsers do), fitted, and enlarged on demand. */
export async function showImage(stage: Stage) {
  const image = await loadFrom(stage)
  if (!image) return
  // Browsers know the size when a picture has loaded, and draw it when it is shown.
  const pixels = image.naturalWidth * image.naturalHeight
  if (pixels > MAX_PIXELS) {
    const megapixels = Math.round(pixels / 1_000_000)
    return stage.refuse(t("visitor.islands.preview.tooManyPixels", { megapixels }))
  }
  image.className = "viewer-image"
  image.alt = stage.file.name
  image.draggable = false
  const frame = element("div", { class: "viewer-picture" }, image)
  const zoom = makeZoomable(frame, image, stage.signal)
  const say = () => stage.say(t("visitor.islands.preview.zoom", { scale: zoom.scale() }))
  const control = (icon: "smaller" | "fit" | "larger", act: () => void) =>
    iconButton(icon, t(`visitor.islands.preview.${icon}`), () => {
      act()
      say()
    })
  stage.addControls(
    control("smaller", zoom.smaller),
    control("fit", zoom.reset),
    control("larger", zoom.larger),
  )
  stage.show(frame)
}

async function loadFrom({ address, signal, refuse }: Stage): Promise<HTMLImageElement | null> {
  for (const ask of [address.current, address.renew]) {
    const url = await ask()
    if (url === null) return null
    const image = await loadImage(url)
    signal.throwIfAborted()
    if (image) return image
  }
  refuse(t("visitor.islands.preview.broken"))
  return null
}
