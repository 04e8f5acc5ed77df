import { element } from "#components/viewer/element.ts"
import { t } from "../page-data.ts"
import { bytes, duration, number } from "../zip/zip-words.ts"

type Sending = {
  files: number
  bytes: number
  of: { files: number; bytes: number }
  /** In bytes per second; null while it is not known. */
  rate: number | null
  isSending: boolean
  isPaused: boolean
  isClosed: boolean
  /** Whether more files can be chosen. */
  takesMore: boolean
}

export const filesText = (done: number, total: number) =>
  t("visitor.islands.zip.files", { done: number(done), total: number(total) })

/** Shows in the card where files are chosen how far they have come, with one bar for all. */
export function createSendingCard(on: { onPause: () => void; onResume: () => void }) {
  const root = document.querySelector<HTMLElement>("[data-drop]")
  const choose = root?.querySelector<HTMLElement>("[data-choose]")
  if (!root || !choose) return null
  let isPaused = false
  const files = element("p", { class: "font-semibold tabular-nums" })
  const amount = element("p", { class: "mt-2 text-sm text-soft tabular-nums" })
  const fill = element("div", { class: "h-full rounded-full bg-accent" })
  const bar = element(
    "div",
    {
      class: "mt-3 h-1.5 overflow-hidden rounded-full bg-line",
      role: "progressbar",
      "aria-label": t("visitor.request.yours"),
    },
    fill,
  )
  const pause = element("button", {
    type: "button",
    class: "button button-quiet button-sm shrink-0",
    click: () => (isPaused ? on.onResume() : on.onPause()),
  })
  const head = element("div", { class: "flex min-h-9 items-center justify-between gap-3" }, files)
  head.append(pause)
  const progress = element("div", {}, head, bar, amount)
  root.prepend(progress)

  return {
    show(now: Sending) {
      const isEmpty = now.of.files === 0
      isPaused = !now.isSending && now.isPaused
      progress.hidden = isEmpty
      root.toggleAttribute("data-sending", !isEmpty)
      choose.hidden = !now.takesMore
      root.hidden = isEmpty && !now.takesMore
      const part = now.of.bytes > 0 ? now.bytes / now.of.bytes : now.files / (now.of.files || 1)
      bar.setAttribute("aria-valuenow", String(Math.floor(part * 100)))
      fill.style.width = `${part * 100}%`
      setText(files, filesText(now.files, now.of.files))
      setText(amount, amountText(now))
      pause.hidden = now.isClosed || !(now.isSending || now.isPaused)
      setText(pause, t(`visitor.request.${isPaused ? "resume" : "pause"}`))
    },
  }
}

/** "1.2 GB of 2.3 GB · 3 minutes left · keep this page open". */
function amountText({ bytes: done, of, rate, isSending, isPaused }: Sending) {
  const left = rate ? Math.max(1, Math.ceil((of.bytes - done) / rate / 60)) * 60_000 : null
  return [
    t("visitor.islands.zip.bytes", { done: bytes(done), total: bytes(of.bytes) }),
    !isSending && isPaused && t("visitor.islands.zip.paused"),
    isSending && left && t("visitor.islands.zip.left", { duration: duration(left) }),
    isSending && t("visitor.request.keepOpen"),
  ]
    .filter(Boolean)
    .join(" · ")
}

// Unchanged text is not set, since a screen reader would announce it again.
function setText(element: HTMLElement, text: string) {
  if (element.textContent !== text) element.textContent = text
}
