import type { Download, DownloadSnapshot } from "#packages/downloader/download.ts"
import { t } from "../page-data.ts"
import { amountText, percentText, stateText } from "./download-words.ts"

type PanelOptions = {
  download: Download
  /** Whether continuing requires another claim. */
  needsClaim: () => boolean
  onResume: () => void
  onRemoved: () => void
}

const FILL = "h-full rounded-full bg-accent"
const QUIET_FILL = "h-full rounded-full bg-edge"

/** The progress of one download, above the list of files. */
export function createDownloadPanel(options: PanelOptions) {
  const { download, onRemoved } = options
  const { file } = download.snapshot()
  const root = element("section", "mt-4 text-sm print:hidden")
  root.setAttribute("aria-label", t("visitor.islands.resumable.progress", { name: file.name }))
  const name = element("p", "font-medium wrap-anywhere", file.name)
  const bar = element("div", "mt-2 h-1.5 overflow-hidden rounded-full bg-line")
  bar.setAttribute("role", "progressbar")
  bar.setAttribute("aria-label", file.name)
  const fill = bar.appendChild(element("div", FILL))
  const amount = element("p", "text-soft tabular-nums")
  const state = element("p", "font-medium")
  const digest = element("code", "block font-mono text-xs text-soft wrap-anywhere")
  const hint = element("p", "mt-1 text-soft", t("visitor.islands.resumable.keepOpen"))
  const said = element("p", "sr-only")
  said.setAttribute("role", "status")
  const controls = createControls(options, () => remove())
  const texts = element("div", "min-w-0 grow")
  texts.append(amount, state, digest)
  const row = element("div", "mt-2 flex flex-wrap items-start justify-between gap-x-4 gap-y-1")
  row.append(texts, controls.element)
  root.append(name, bar, row, hint, said)
  document.querySelector("[data-resumable]")?.append(root)
  let quarters = 0
  let wasDone = download.snapshot().state === "done"

  function show() {
    const snapshot = download.snapshot()
    const part = file.size === 0 ? 1 : snapshot.writtenBytes / file.size
    const isRunning = snapshot.state === "running" || snapshot.state === "checking"
    if (snapshot.state === "removed") return remove()
    bar.setAttribute("aria-valuenow", String(Math.floor(part * 100)))
    fill.style.width = `${part * 100}%`
    fill.className = isRunning || snapshot.state === "done" ? FILL : QUIET_FILL
    setText(amount, amountText(snapshot))
    setText(state, stateText(snapshot))
    setText(digest, snapshot.state === "done" ? (snapshot.sha256 ?? "") : "")
    hint.hidden = !isRunning
    controls.show(snapshot)
    // A screen reader announces each quarter, not every second.
    if (Math.floor(part * 4) > quarters) {
      quarters = Math.floor(part * 4)
      const percent = percentText(quarters / 4)
      setText(said, t("visitor.islands.resumable.percent", { percent, name: file.name }))
    }
    if (stateText(snapshot)) setText(said, stateText(snapshot))
    if (snapshot.state === "done" && !wasDone) {
      wasDone = true
      void saveCopy(download)
    }
  }

  function remove() {
    clearInterval(timer)
    unsubscribe()
    root.remove()
    onRemoved()
  }

  const unsubscribe = download.subscribe(show)
  // The rate falls while nothing arrives, which changes nothing else.
  const timer = setInterval(() => download.snapshot().state === "running" && show(), 1_000)
  show()
}

function createControls({ download, needsClaim, onResume }: PanelOptions, close: () => void) {
  const box = element("div", "-mx-3.25 flex flex-wrap")
  const pause = button(t("visitor.islands.resumable.pause"), () => void download.pause())
  const resume = button("", onResume)
  const save = button(t("visitor.islands.resumable.save"), () => void saveCopy(download))
  // A complete file stays for a while, because the browser may still copy it.
  const cancel = button("", () =>
    download.snapshot().state === "done" ? close() : void download.cancel(),
  )
  box.append(pause, resume, save, cancel)
  return {
    element: box,
    show({ state }: DownloadSnapshot) {
      const isRunning = state === "running" || state === "checking"
      pause.hidden = !isRunning
      resume.hidden = isRunning || state === "done"
      save.hidden = state !== "done"
      setText(resume, resumeText(state, needsClaim()))
      setText(
        cancel,
        state === "done"
          ? t("visitor.islands.resumable.close")
          : t("visitor.islands.resumable.cancel"),
      )
    },
  }
}

function resumeText(state: DownloadSnapshot["state"], needsClaim: boolean) {
  if (needsClaim) return t("visitor.islands.resumable.resumeCounts")
  return state === "failed"
    ? t("visitor.islands.resumable.again")
    : t("visitor.islands.resumable.resume")
}

function element(name: string, className = "", text = "") {
  const made = document.createElement(name)
  made.className = className
  made.textContent = text
  return made
}

function button(text: string, onClick: () => void) {
  const made = document.createElement("button")
  made.type = "button"
  made.className = "button button-text button-sm"
  made.textContent = text
  made.onclick = onClick
  return made
}

// Unchanged text is not set, since a screen reader would announce it again.
function setText(element: HTMLElement, text: string) {
  if (element.textContent !== text) element.textContent = text
}

/** The time for which the browser may read the file to copy it. */
const COPY_MS = 2 * 3_600_000

/** Makes the browser save a copy of a file in private storage, which it streams to the disk. */
async function saveCopy(download: Download) {
  const { name } = download.snapshot().file
  const url = URL.createObjectURL(await download.read())
  const link = document.createElement("a")
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), COPY_MS)
}
