import { element, iconButton } from "../element.ts"
import { t } from "../host.ts"
import type { Stage } from "../stage.ts"
import { isDrawable } from "./drawable.ts"
import { makeZoomable } from "./image-zoom.ts"
import { loadImage } from "./load-image.ts"

/** Shows an image, fitted to the window, with zoom. Browsers rotate it by its EXIF data. */
export async function showImage(stage: Stage) {
  const image = await loadFrom(stage)
  if (!image) return
  if (!isDrawable(image)) {
    const megapixels = Math.round((image.naturalWidth * image.naturalHeight) / 1_000_000)
    return stage.refuse(t("tooManyPixels", { megapixels }))
  }
  image.className = "viewer-image"
  image.alt = stage.file.name
  image.draggable = false
  const frame = element("div", { class: "viewer-picture" }, image)
  const zoom = makeZoomable(frame, image, stage.signal)
  const say = () => stage.say(t("zoom", { scale: zoom.scale() }))
  const control = (icon: "smaller" | "fit" | "larger", act: () => void) =>
    iconButton(icon, t(icon), () => {
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
  refuse(t("broken"))
  return null
}
