import { t } from "#visitor/islands/page-data.ts"
import { refresh } from "./follow.ts"

/**
 * The delay before the page updates its counters; the redirect to the file does not leave the page.
 */
const COUNTED_AFTER_MS = 700

/**
 * Shows that a download has started, and how many are left. The download itself needs no script.
 */
export function watchDownloads() {
  document.addEventListener("submit", (event) => {
    const form = event.target
    if (!(form instanceof HTMLFormElement) || !form.action.includes("/d/")) return
    setTimeout(() => void announceStarted(), COUNTED_AFTER_MS)
  })
}

/**
 * Announces a download and updates the number of downloads left. Removes the result of an earlier
 * ZIP.
 */
export async function announceStarted() {
  document.querySelector("[data-zip-panel][data-ended]")?.replaceChildren()
  const state = await refresh()
  const started = document.querySelector("[data-started]")
  if (!state || !started) return
  const left = document.querySelector<HTMLElement>("[data-downloads-left]")
  if (state.downloadsLeft === null || !left) {
    started.textContent = t("visitor.started.plain")
    return
  }
  const again = left.hasAttribute("data-ticket")
  started.textContent = again
    ? t("visitor.started.again")
    : t("visitor.started.left", { count: state.downloadsLeft })
  showTicket()
}

/** Shows that this visitor's download is counted, instead of how many are left. */
export function showTicket() {
  const left = document.querySelector<HTMLElement>("[data-downloads-left]")
  if (!left) return
  left.toggleAttribute("data-ticket", true)
  left.textContent = left.dataset.ticketText ?? ""
}
