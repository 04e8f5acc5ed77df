/**
 * Loads what makes a ZIP when a button of it is used. Where the browser cannot write one, the page
 * has the reason in place of the buttons.
 */
export function offerZip() {
  if (!window.isSecureContext) return refuse("http")
  if (!("serviceWorker" in navigator) && !("showSaveFilePicker" in window)) return refuse("worker")
  document.addEventListener("click", async ({ target }) => {
    if (!(target instanceof Element)) return
    const button = target.closest<HTMLElement>("[data-zip]")
    if (button) (await import("./zip.ts")).downloadZip(button.dataset.zip ?? "")
    if (target.closest("[data-choose]")) (await import("./choose-files.ts")).startChoosing()
  })
}

function refuse(why: "http" | "worker") {
  document.documentElement.dataset.noZip = why
}
