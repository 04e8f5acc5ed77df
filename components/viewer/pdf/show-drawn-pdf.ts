import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import { numberFormat } from "#lib/adapters/text/intl-formatters.ts"
import { element, iconButton } from "../element.ts"
import { host, locale, t } from "../host.ts"
import type { Stage } from "../stage.ts"
import { readRange } from "../text/read-range.ts"
import type { ToFrame } from "./frame-messages.ts"
import { openFrame, pdfFrame } from "./open-frame.ts"

const STEP = 1.25
const [LEAST_ZOOM, MOST_ZOOM] = [0.25, 5]
/** If the frame requests no bytes within this time, its script was not loaded. */
const PATIENCE_MS = 20_000

/**
 * Draws a PDF of a view-only share, with the watermark in each page. PDF.js runs in a sandboxed
 * frame without an origin and without a network; this page reads for it, by URLs that it renews.
 */
export async function showDrawnPdf(stage: Stage) {
  const { file, signal } = stage
  const pdf = host.assets?.pdf
  if (!pdf) throw new Error("the page has no viewer")
  if (file.size === 0) return stage.refuse(t("empty"))
  const frame = pdfFrame(pdf, { class: "viewer-frame", title: file.name })
  const loading = element("p", { class: "viewer-loading" }, t("loading"))
  stage.show(element("div", { class: "viewer-drawn" }, frame, loading))
  let controls: Controls | undefined
  let readBytes = 0
  const opening = {
    name: file.name,
    size: file.size,
    watermark: host.watermark?.() ?? null,
    locale,
    label: t("page", { at: "{at}" }),
    broken: t("broken"),
  }
  const tell = await openFrame(frame, opening, {
    files: pdf,
    signal,
    async read(begin, end) {
      clearTimeout(silence)
      const bytes = await readRange(stage, begin, end)
      readBytes += bytes?.length ?? 0
      const read = formatBytes(Math.min(readBytes, file.size), locale)
      loading.textContent = `${t("loading")} · ${read}`
      return bytes
    },
    hear(message) {
      clearTimeout(silence)
      if ("failed" in message) stage.refuse(t(SENTENCES[message.failed]))
      else if ("key" in message) passKey(frame, message.key)
      else if ("at" in message) controls?.showPage(message.at)
      else if ("listed" in message) {
        loading.remove()
        controls = addControls(stage, message, tell)
        const isFree = document.activeElement === frame.closest("dialog")
        if (isFree) frame.focus({ preventScroll: true })
      }
    },
  })
  const silence = setTimeout(stage.offline, PATIENCE_MS)
  signal.addEventListener("abort", () => clearTimeout(silence))
}

const SENTENCES = {
  broken: "broken",
  password: "pdfPassword",
} as const

/** Handles a key pressed in the frame as if it was pressed here. */
function passKey(frame: HTMLIFrameElement, key: string) {
  if (key === "Escape") frame.closest("dialog")?.dispatchEvent(new Event("cancel"))
  else frame.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }))
}

type Controls = ReturnType<typeof addControls>
type Listed = { listed: number; count: number }

/** Adds zoom and the number of the page. */
function addControls(stage: Stage, { listed, count }: Listed, tell: (message: ToFrame) => void) {
  let zoom = 1
  const setZoom = (wanted: number) => {
    zoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, wanted))
    tell({ zoom })
    const scale = Math.round(zoom * 100) / 100
    stage.say(t("zoom", { scale }))
  }
  const acts = {
    smaller: () => setZoom(zoom / STEP),
    fit: () => setZoom(1),
    larger: () => setZoom(zoom * STEP),
  }
  const button = (icon: keyof typeof acts) => iconButton(icon, t(icon), acts[icon])
  const keys = new Map([
    ["-", acts.smaller],
    ["0", acts.fit],
    ["+", acts.larger],
    ["=", acts.larger],
  ])
  const press = ({ key, target, ctrlKey, metaKey, altKey }: KeyboardEvent) => {
    if (!ctrlKey && !metaKey && !altKey && target !== number) keys.get(key)?.()
  }
  const number = element("input", {
    type: "number",
    min: "1",
    max: String(listed),
    value: "1",
    "aria-label": t("pageNumber"),
    change: () => {
      const goTo = Math.min(listed, Math.max(1, Math.round(number.valueAsNumber) || 1))
      number.value = String(goTo)
      tell({ goTo })
    },
  })
  const pages = numberFormat(locale, {})
  const [part, whole] = [pages.format(listed), pages.format(count)]
  const total = listed < count ? t("part", { part, whole }) : `/ ${whole}`
  document.addEventListener("keydown", press, { signal: stage.signal })
  stage.addControls(
    button("smaller"),
    button("fit"),
    button("larger"),
    element("div", { class: "viewer-page" }, number, total),
  )
  return {
    showPage(at: number) {
      if (document.activeElement !== number) number.value = String(at)
    },
  }
}
