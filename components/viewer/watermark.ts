import type { PreviewKind } from "#lib/rooms/files/preview-kind.ts"
import { element, svg } from "./element.ts"
import { host } from "./host.ts"

const HEIGHT = 150
/** The width reserved for each letter. */
const LETTER = 8.5
const GAP = 70

/** The watermark over a file of this kind, if there is one. The pages of a drawn PDF contain it. */
export const mark = (kind: PreviewKind | null): HTMLElement[] =>
  host.watermark && (kind === "image" || (kind === "pdf" && !host.drawsPdf))
    ? [watermark(host.watermark())]
    : []

/** Repeats the text across the content. Lets every click through. */
function watermark(text: string): HTMLElement {
  const width = text.length * LETTER + GAP
  // Anchored at the middle, because the language decides on which side a text begins.
  const line = (y: number, x: number) =>
    svg("text", { x: String(x), y: String(y), "text-anchor": "middle" }, new Text(text))
  const pattern = svg(
    "pattern",
    {
      id: "watermark",
      width: String(width),
      height: String(HEIGHT),
      patternUnits: "userSpaceOnUse",
      patternTransform: "rotate(-28)",
    },
    line(40, width / 2),
    line(115, 0),
    line(115, width),
  )
  const fill = svg("rect", { width: "100%", height: "100%", fill: "url(#watermark)" })
  const drawn = svg("svg", { width: "100%", height: "100%" }, svg("defs", {}, pattern), fill)
  const attributes = { class: "viewer-watermark", "aria-hidden": "true", "data-text": text }
  return element("div", attributes, drawn)
}
