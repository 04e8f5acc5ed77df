import { formatTime, zoneName } from "#components/time/format-time.ts"
import type { PreviewKind } from "#lib/rooms/files/preview-kind.ts"
import { pageData, serverNow, t } from "../page-data.ts"
import { reader } from "../times/local-times.ts"
import { element, svg } from "./element.ts"

const HEIGHT = 150
/** The width reserved for each letter. */
const LETTER = 8.5
const GAP = 70

/**
 * The watermark over a file of this kind, if the sender has switched watermarks on. In a view-only
 * PDF the pages themselves contain it.
 */
export const mark = (kind: PreviewKind): HTMLElement[] =>
  pageData.watermark && (kind === "image" || (kind === "pdf" && !pageData.viewOnly))
    ? [watermark()]
    : []

/** Repeats the text across the content. Lets every click through. */
function watermark(): HTMLElement {
  const text = watermarkText()
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

/** The recipient's name if the link has one, else the sender's, and the time. */
export function watermarkText() {
  const at = new Date(serverNow())
  const time = t("common.timeInZone", {
    time: formatTime(at, "short", reader, new Date(0)),
    zone: zoneName(at, reader),
  })
  const { recipient, sender = "" } = pageData
  return recipient
    ? t("visitor.islands.preview.forReader", { name: recipient, time })
    : t("visitor.islands.preview.fromSender", { sender, time })
}
