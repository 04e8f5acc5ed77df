import { downloadFiles, type Progress } from "./download-files.ts"
import { sayStarted } from "./downloads.ts"
import { pageData, t } from "./page-data.ts"

let running: AbortController | undefined

/**
 * Claims once and starts the download of every ready file, one after another. The page shows the
 * progress.
 */
export async function downloadAll() {
  if (running) return
  running = new AbortController()
  const { signal } = running
  show({ state: "started", done: 0, total: 0 })
  await downloadFiles({ token: pageData.token ?? "", signal, onProgress: show })
  running = undefined
  showControls(false)
  await sayStarted()
}

document.addEventListener("click", ({ target }) => {
  if (target instanceof Element && target.closest("[data-stop]")) running?.abort()
})
// A redraw of the page resets its controls.
document.addEventListener("lapse:redrawn", () => {
  if (running && last) show(last)
})

let last: Progress | undefined

function show(progress: Progress) {
  last = progress
  const status = document.querySelector("[data-progress]")
  if (status) status.textContent = wordsFor(progress)
  showControls(progress.state === "started" || progress.state === "waiting")
}

function showControls(isRunning: boolean) {
  const button = document.querySelector<HTMLButtonElement>("[data-download-all]")
  if (button) {
    button.disabled = isRunning
    button.setAttribute("aria-busy", String(isRunning))
  }
  const stop = document.querySelector<HTMLElement>("[data-stop]")
  if (stop) stop.hidden = !isRunning
}

function wordsFor(progress: Progress): string {
  const { done, total } = progress
  switch (progress.state) {
    case "started":
      return done === 0 ? t("visitor.all.starting") : t("visitor.all.started", { done, total })
    case "waiting":
      return t("visitor.all.waiting", { done, total })
    case "done":
      return t("visitor.all.done", { total })
    case "stopped":
      return t("visitor.all.stopped", { done, total })
    case "failed":
      return progress.reason
        ? t("visitor.all.refused", { done, total, reason: progress.reason })
        : t("visitor.all.failed", { done, total })
  }
}
