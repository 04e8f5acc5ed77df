import { renewableAddress } from "./address/address.ts"
import { type NoAddress, pause } from "./address/mint-address.ts"
import { element } from "./element.ts"
import { host, type ShownFile, t } from "./host.ts"
import { placeholder } from "./media/placeholder.ts"
import { showFile } from "./show-file.ts"
import type { Stage } from "./stage.ts"
import { messageIn, textButton, type ViewerFrame } from "./viewer-frame.ts"
import { mark } from "./watermark.ts"

type Presentation = {
  frame: ViewerFrame
  file: ShownFile
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
  if (host.claim?.isDue()) return explain("needs_claim")
  try {
    if (waitMs > 0) await pause(waitMs, signal)
    await showFile(stageOf(presentation, explain))
  } catch {
    if (!signal.aborted) explain("offline")
  }
}

function showLoading({ stage }: ViewerFrame, file: ShownFile) {
  const small = placeholder(file)
  const loading = t("loading")
  if (small)
    stage.replaceChildren(small, element("p", { class: "sr-only" }, loading), ...mark(file.kind))
  else stage.replaceChildren(element("p", { class: "viewer-loading" }, loading))
}

type Explain = (reason: NoAddress) => void

function stageOf({ frame, file, signal, say, plays }: Presentation, explain: Explain): Stage {
  const address = renewableAddress({
    fileId: file.id,
    signal,
    onWait: () => say(t("busy")),
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

const WORTH_A_RETRY = new Set<NoAddress>(["offline", "busy", "failed"])

function explainer(presentation: Presentation): Explain {
  const { frame, file, signal, again } = presentation
  return (reason) => {
    if (signal.aborted) return
    if (reason === "needs_claim") {
      return host.claim && frame.stage.replaceChildren(host.claim.ask(file.id, again))
    }
    const retry = textButton("quiet", t("again"), again)
    tell(presentation, t(reason), ...(WORTH_A_RETRY.has(reason) ? [retry] : []))
    // A closed link reloads its page, which says how it ended.
    if (!WORTH_A_RETRY.has(reason)) host.refresh()
  }
}
