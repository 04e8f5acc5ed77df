import { element, iconButton } from "./element.ts"
import { t } from "./host.ts"

type FrameInput = {
  onClose: () => void
  onStep: (by: 1 | -1) => void
}

/** The parts of the dialog that shows files. */
export type ViewerFrame = ReturnType<typeof makeFrame>

/**
 * Creates the dialog: a heading, the stage of the file, and controls, all with accessible names.
 */
export function makeFrame({ onClose, onStep }: FrameInput) {
  const heading = element("h2", { id: "viewer-name", dir: "auto" })
  const place = element("p", { class: "viewer-place" })
  const actions = element("div", { class: "viewer-actions" })
  const close = iconButton("close", t("close"), onClose)
  const header = element(
    "header",
    {},
    element("div", { class: "viewer-title" }, heading, place),
    actions,
    close,
  )
  const stage = element("div", { class: "viewer-stage" })
  const note = element("p", { class: "viewer-note", hidden: true })
  const controls = element("div", { class: "viewer-controls" })
  const previous = iconButton("previous", t("previous"), () => onStep(-1))
  const next = iconButton("next", t("next"), () => onStep(1))
  const steps = element("div", { class: "viewer-steps" }, previous, next)
  const footer = element("footer", {}, controls, note, steps)
  const status = element("p", { class: "sr-only", role: "status" })
  const dialog = element(
    "dialog",
    { class: "viewer", "aria-labelledby": "viewer-name", tabindex: "-1" },
    header,
    stage,
    footer,
    status,
  )
  return { dialog, heading, place, actions, stage, note, controls, steps, previous, next, status }
}

/** A sentence instead of a file, with actions. */
export function messageIn(sentence: string, ...actions: HTMLElement[]) {
  const text = element("p", {}, sentence)
  if (actions.length === 0) return element("div", { class: "viewer-message" }, text)
  const row = element("div", { class: "viewer-message-actions" }, ...actions)
  return element("div", { class: "viewer-message" }, text, row)
}

export function textButton(look: "primary" | "quiet", text: string, onClick: () => void) {
  return element(
    "button",
    { type: "button", class: `viewer-button viewer-${look}`, click: onClick },
    text,
  )
}
