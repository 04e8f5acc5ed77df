import { portableName } from "#packages/zip-stream/portable-names.ts"
import { announceStarted } from "#visitor/islands/following/announce-downloads.ts"
import { listingQuery } from "#visitor/islands/following/link-state.ts"
import { loadWords, pageData } from "#visitor/islands/page-data.ts"
import { runZip } from "./run-zip.ts"
import { choosePlace, startZip } from "./zip-transport.ts"
import { reportWords } from "./zip-words.ts"

let isRunning = false

/**
 * The content of a ZIP: the files with these ids, or all ready files in a folder ("" is the whole
 * share).
 */
type Selection = { folder: string; fileIds: string[] | null }

/** Downloads a folder as a ZIP, limited to the results of the page's search if there is one. */
export const downloadZip = (folder: string) => makeZip({ folder, fileIds: null })

/** Creates one ZIP at a time, and shows its progress. */
export async function makeZip({ folder, fileIds }: Selection) {
  const root = document.querySelector<HTMLElement>("[data-zip-panel]")
  if (isRunning || !root) return
  const { name: share = "", sender = "" } = root.dataset
  const name = `${portableName((folder.split("/").at(-1) || share).slice(0, 120))}.zip`
  isRunning = true
  showButtons()
  try {
    // Must run first: browsers open the picker only shortly after a click.
    const place = await choosePlace(name)
    if (place === "cancelled") return
    await loadWords()
    const report = reportWords(share, sender)
    const q = listingQuery().get("q") ?? ""
    const source = { token: pageData.token ?? "", fileIds, q }
    const job = { source, folder, report }
    let announced = Promise.resolve()
    const { hadFocus, result } = await runZip({
      root,
      name,
      start: (tell) => startZip({ name, job }, place, tell),
      onReady() {
        announced = announceStarted()
      },
    })
    // A small ZIP ends before the announcement.
    void announced.then(() => document.querySelector("[data-started]")?.replaceChildren())
    // The reloaded page says how the link ended.
    if (result === "link_closed") return location.reload()
    if (result === "no_worker") document.documentElement.dataset.noZip = "worker"
    isRunning = false
    showButtons()
    if (hadFocus) document.querySelector<HTMLElement>("button[data-zip]")?.focus()
  } finally {
    isRunning = false
    showButtons()
  }
}

export const fileIdOf = ({ action }: HTMLFormElement) =>
  new URL(action).pathname.split("/").at(-1) ?? ""

function showButtons() {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-zip]")) {
    button.disabled = isRunning
  }
}
// A redraw of the page resets its buttons.
document.addEventListener("lapse:redrawn", showButtons)
