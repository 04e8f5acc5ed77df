import { refresh } from "../following/follow.ts"
import { pageData, t } from "../page-data.ts"
import { renewableAddress } from "./address/address.ts"
import { type NoAddress, pause } from "./address/mint-preview.ts"
import { askToClaim } from "./claim-first.ts"
import { element } from "./element.ts"
import { placeholder } from "./media/placeholder.ts"
import { showFile } from "./show-file.ts"
import type { PreviewFile, Stage } from "./stage.ts"
import { messageIn, textButton, type ViewerFrame } from "./viewer-frame.ts"
import { mark } from "./watermark.ts"

type Presentation = {
  frame: ViewerFrame
  file: PreviewFile
  /** Aborted when the viewer moves on. */
  signal: AbortSignal
  say: (sentence: string) => void
  /** Presents the file again. */
  again: () => void
  /**
   * Milliseconds to wait before the request, which counts as a preview: the reader may skip the
   * file.
   */
  waitMs: number
  plays: boolean
}

/** Shows a file in the viewer, or explains why that is not possible. */
export async function presentFile(presentation: Presentation) {
  const { frame, file, signal, waitMs } = presentation
  showLoading(frame, file)
  const explain = explainer(presentation)
  // Known without a request, whose refusal would be an error in the browser's console.
  if (pageData.needsClaim) return explain("needs_claim")
  try {
    if (waitMs > 0) await pause(waitMs, signal)
    await showFile(stageOf(presentation, explain))
  } catch {
    if (!signal.aborted) explain("offline")
  }
}

function showLoading({ stage }: ViewerFrame, file: PreviewFile) {
  const small = placeholder(file)
  const loading = t("visitor.islands.preview.loading")
  if (small)
    stage.replaceChildren(small, element("p", { class: "sr-only" }, loading), ...mark(file.kind))
  else stage.replaceChildren(element("p", { class: "viewer-loading" }, loading))
}

type Explain = (reason: NoAddress) => void

function stageOf({ frame, file, signal, say, plays }: Presentation, explain: Explain): Stage {
  const address = renewableAddress({
    fileId: file.id,
    signal,
    onWait: () => say(t("visitor.islands.preview.busy")),
    onNone: explain,
  })
  return {
    file,
    plays,
    signal,
    address,
    say,
    show(content) {
      if (signal.aborted) return
      frame.stage.replaceChildren(content, ...mark(file.kind))
      // Keys scroll a text at once, without pressing Tab before.
      const isFree = document.activeElement === frame.dialog
      if (isFree && content.matches("[tabindex]")) content.focus({ preventScroll: true })
    },
    addControls(...controls) {
      if (!signal.aborted) frame.controls.append(...controls)
    },
    refuse: (sentence) => tell({ frame, signal, say }, sentence),
    offline: () => explain("offline"),
  }
}

/** Shows a sentence instead of the file, and announces it to screen readers. */
function tell(
  { frame, signal, say }: Pick<Presentation, "frame" | "signal" | "say">,
  sentence: string,
  ...actions: HTMLElement[]
) {
  if (signal.aborted) return
  frame.controls.replaceChildren()
  frame.stage.replaceChildren(messageIn(sentence, ...actions))
  say(sentence)
}

const SENTENCES = {
  offline: "visitor.islands.preview.offline",
  busy: "visitor.islands.preview.busy",
  failed: "visitor.islands.preview.failed",
  closed: "visitor.islands.preview.closed",
  no_preview: "visitor.islands.preview.no_preview",
  unsupported: "visitor.islands.preview.unsupported",
} as const
const WORTH_A_RETRY = new Set<NoAddress>(["offline", "busy", "failed"])

function explainer(presentation: Presentation): Explain {
  const { frame, file, signal, again } = presentation
  return (reason) => {
    if (signal.aborted) return
    if (reason === "needs_claim") return frame.stage.replaceChildren(askToClaim(file.id, again))
    const retry = textButton("quiet", t("visitor.islands.preview.again"), again)
    tell(presentation, t(SENTENCES[reason]), ...(WORTH_A_RETRY.has(reason) ? [retry] : []))
    // A closed link reloads its page, which says how it ended.
    if (!WORTH_A_RETRY.has(reason)) void refresh()
  }
}
