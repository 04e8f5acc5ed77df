/**
 * Loads the ZIP scripts when one of their buttons is used. If the browser cannot write a ZIP, the
 * page shows the reason instead of the buttons.
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
