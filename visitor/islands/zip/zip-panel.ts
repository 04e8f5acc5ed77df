import { t } from "#visitor/islands/page-data.ts"
import { bytes, duration, number, percent } from "./zip-words.ts"

/** The displayed progress of a ZIP; `rate` is in bytes per second, null at first. */
export type Shown = {
  files: number
  bytes: number
  of: { files: number; bytes: number }
  rate: number | null
  isPaused: boolean
  isWaiting: boolean
}

type PanelActions = { onPause: () => void; onResume: () => void; onCancel: () => void }

const FILL = "h-full rounded-full bg-accent transition-[width] duration-200"
const PAUSED_FILL = "h-full rounded-full bg-edge"

/** The number of missing files named on the page; LAPSE.txt names them all. */
const NAMED = 20

/** The progress of a ZIP, below the page's main button. */
export function createZipPanel(root: HTMLElement, { onPause, onResume, onCancel }: PanelActions) {
  const bar = element("div", "h-1.5 overflow-hidden rounded-full bg-line")
  const fill = bar.appendChild(element("div", FILL))
  bar.setAttribute("role", "progressbar")
  bar.setAttribute("aria-label", t("visitor.islands.zip.label"))
  const files = element("p", "font-medium")
  const amount = element("p", "text-soft")
  const hint = element("p", "mt-2 text-soft", t("visitor.islands.zip.keepOpen"))
  const pause = button(t("visitor.islands.zip.pause"))
  const cancel = button(t("visitor.islands.zip.cancel"))
  const said = element("p", "sr-only")
  said.setAttribute("role", "status")
  let isPaused = false
  pause.onclick = () => (isPaused ? onResume() : onPause())
  cancel.onclick = onCancel
  const texts = element("div", "min-w-0 grow")
  texts.append(files, amount)
  const row = element("div", "mt-2.5 flex flex-wrap items-start justify-between gap-x-4 gap-y-1")
  const controls = element("div", "-mx-3.25 flex flex-wrap")
  controls.append(pause, cancel)
  row.append(texts, controls)
  root.className = "mt-4 text-sm print:hidden"
  root.toggleAttribute("data-ended", false)
  root.replaceChildren(bar, row, hint, said)
  bar.hidden = true
  setText(files, t("visitor.islands.zip.starting"))
  pause.focus()
  let quarters = 0

  return {
    show(shown: Shown) {
      isPaused = shown.isPaused
      const part = partOf(shown)
      bar.hidden = false
      bar.setAttribute("aria-valuenow", String(Math.floor(part * 100)))
      fill.style.width = `${part * 100}%`
      fill.className = isPaused ? PAUSED_FILL : FILL
      const { of } = shown
      setText(
        files,
        t("visitor.islands.zip.files", { done: number(shown.files), total: number(of.files) }),
      )
      setText(amount, amountText(shown))
      setText(pause, t(isPaused ? "visitor.islands.zip.resume" : "visitor.islands.zip.pause"))
      // A screen reader announces each quarter, not every second.
      if (Math.floor(part * 4) > quarters) {
        quarters = Math.floor(part * 4)
        setText(said, t("visitor.islands.zip.percent", { percent: percent(quarters / 4) }))
      }
      if (isPaused) setText(said, t("visitor.islands.zip.paused"))
      else if (shown.isWaiting) setText(said, t("visitor.islands.zip.waiting"))
    },

    /** Replaces the progress by the result. */
    end(text: string, missing: readonly string[] = []) {
      const result = element("p", "font-medium", text)
      result.setAttribute("role", "status")
      root.replaceChildren(result, ...(missing.length > 0 ? missingList(missing) : []))
      root.toggleAttribute("data-ended", true)
    },
  }
}

export type ZipPanel = ReturnType<typeof createZipPanel>

function missingList(missing: readonly string[]) {
  const list = element("ul", "mt-2 list-disc ps-5 wrap-anywhere")
  for (const path of missing.slice(0, NAMED)) list.append(element("li", "", path))
  const more = missing.length - NAMED
  if (more > 0)
    list.append(element("li", "", t("visitor.islands.zip.moreMissing", { count: more })))
  return [list, element("p", "mt-2 text-soft", t("visitor.islands.zip.missingHint"))]
}

const partOf = ({ bytes, files, of }: Shown) =>
  Math.min(1, of.bytes > 0 ? bytes / of.bytes : files / Math.max(1, of.files))

function amountText({ bytes: done, of, rate, isPaused, isWaiting }: Shown) {
  const amount = t("visitor.islands.zip.bytes", { done: bytes(done), total: bytes(of.bytes) })
  if (isPaused) return `${amount} · ${t("visitor.islands.zip.paused")}`
  if (isWaiting) return `${amount} · ${t("visitor.islands.zip.waiting")}`
  if (!rate) return amount
  const left = Math.max(1_000, ((of.bytes - done) / rate) * 1_000)
  return [
    amount,
    t("visitor.islands.zip.rate", { rate: bytes(rate) }),
    t("visitor.islands.zip.left", { duration: duration(left) }),
  ].join(" · ")
}

function element(name: string, className = "", text = "") {
  const made = document.createElement(name)
  made.className = className
  made.textContent = text
  return made
}

function button(text: string) {
  const made = document.createElement("button")
  made.type = "button"
  made.className = "button button-text button-sm"
  made.textContent = text
  return made
}

// Unchanged text is not set, since a screen reader would announce it again.
function setText(element: HTMLElement, text: string) {
  if (element.textContent !== text) element.textContent = text
}
