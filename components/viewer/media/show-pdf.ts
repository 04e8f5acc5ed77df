import { element, iconButton } from "../element.ts"
import { t } from "../host.ts"
import type { Stage } from "../stage.ts"
import { readRange } from "../text/read-range.ts"

/** PDF viewers accept the PDF signature anywhere in the first bytes, not only at the start. */
const HEAD = 1024

/**
 * Shows a PDF that may be downloaded with the browser's viewer, from the store's origin. The frame
 * has no `sandbox`, which would disable that viewer; the store's origin differs from the page's.
 */
export async function showPdf(stage: Stage) {
  const { file, address } = stage
  if (!navigator.pdfViewerEnabled) return stage.refuse(t("noPdfViewer"))
  const head = await readRange(stage, 0, HEAD)
  if (!head) return
  if (!new TextDecoder("latin1").decode(head).includes("%PDF-")) {
    return stage.refuse(t("broken"))
  }
  const url = await address.current()
  if (url === null) return
  const frame = element("iframe", {
    class: "viewer-frame",
    title: file.name,
    referrerpolicy: "no-referrer",
    src: url,
  })
  // The viewer of a large file reads further parts on demand: the URL may have expired by then.
  const again = iconButton("again", t("loadAgain"), async () => {
    const renewed = await address.renew().catch(() => null)
    if (renewed !== null) frame.src = renewed
  })
  stage.addControls(again)
  stage.show(frame)
}
