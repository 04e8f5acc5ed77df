import { element } from "../element.ts"

/** Loads an image; null if it cannot be shown. */
export function loadImage(url: string): Promise<HTMLImageElement | null> {
  return new Promise((resolve) => {
    const image = element("img", { referrerpolicy: "no-referrer" })
    image.onload = () => resolve(image)
    image.onerror = () => resolve(null)
    image.src = url
  })
}
