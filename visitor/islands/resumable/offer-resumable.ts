import { t } from "#visitor/islands/page-data.ts"
import { isMarkedUnfinished } from "./unfinished-mark.ts"

/**
 * Offers a second button for a large file: a download that can be paused and continues after a
 * reload. The ordinary button does not change.
 */
export function offerResumable() {
  const forms = document.querySelectorAll<HTMLFormElement>("form[data-size]")
  if (!isSecureContext) return forms.length > 0 ? sayWhyNot() : undefined
  for (const form of forms) offerFor(form)
  document.addEventListener("lapse:redrawn", () => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-size]")) offerFor(form)
  })
  if (isMarkedUnfinished()) void load().then(({ offerUnfinished }) => offerUnfinished())
}

const load = () => import("./resumable-downloads.ts")

function offerFor(form: HTMLFormElement) {
  const row = form.closest("li")
  const button = document.createElement("button")
  button.type = "button"
  button.textContent = t("visitor.resumable.offer")
  button.className = row
    ? "while-open text-start text-sm font-semibold text-soft underline decoration-dotted underline-offset-3 py-1"
    : "button button-quiet button-md w-full"
  const { name = "" } = form.dataset
  if (row) button.setAttribute("aria-label", t("visitor.resumable.offerNamed", { name }))
  button.onclick = async () => {
    button.disabled = true
    try {
      const { startResumable } = await load()
      await startResumable(form)
    } finally {
      button.disabled = false
    }
  }
  const place = row?.querySelector(":scope > div")
  if (place) place.append(button)
  else form.after(button)
}

function sayWhyNot() {
  const why = document.createElement("p")
  why.className = "mt-3 text-sm text-soft"
  why.textContent = t("visitor.resumable.needsHttps")
  document.querySelector("[data-resumable]")?.append(why)
}
