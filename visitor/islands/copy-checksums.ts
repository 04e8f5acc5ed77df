import { copyText } from "#components/ui/forms/copy-text.ts"
import { t } from "./page-data.ts"

/** Adds a copy button beside a checksum when the reader opens it. */
export function watchChecksums() {
  // "toggle" does not bubble, so it is handled in the capture phase.
  document.addEventListener("toggle", onToggle, true)
}

function onToggle({ target }: Event) {
  if (!(target instanceof HTMLDetailsElement) || !target.dataset.copy) return
  if (target.querySelector("button")) return
  const code = target.querySelector("code")
  const button = document.createElement("button")
  button.type = "button"
  button.className = "button button-text button-sm -ms-3.25"
  button.textContent = t("common.copy")
  button.setAttribute("aria-label", target.dataset.copy)
  const said = document.createElement("span")
  said.className = "sr-only"
  said.setAttribute("role", "status")
  button.onclick = async () => {
    if (!(await copyText(code?.textContent ?? ""))) return
    button.textContent = said.textContent = t("common.copied")
    setTimeout(() => {
      button.textContent = t("common.copy")
      said.textContent = ""
    }, 2_500)
  }
  target.append(button, said)
}
