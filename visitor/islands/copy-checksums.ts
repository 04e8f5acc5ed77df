import { copyText } from "#components/ui/copy-text.ts"
import { t } from "./page-data.ts"

/** Puts a button to copy it beside a checksum that the reader opens. */
export function watchChecksums() {
  // "toggle" does not bubble, and is seen on its way down.
  document.addEventListener("toggle", onToggle, true)
}

function onToggle({ target }: Event) {
  if (!(target instanceof HTMLDetailsElement) || !target.dataset.copy) return
  if (target.querySelector("button")) return
  const code = target.querySelector("code")
  const button = document.createElement("button")
  button.type = "button"
  button.className = "button button-text button-sm -ml-3.25"
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
