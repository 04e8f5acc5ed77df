import { teamOf } from "#lib/adapters/http/owner-path.ts"
import type { ZipScript } from "#lib/rooms/files/reads/own-scripts.ts"
import { portableName } from "#packages/zip-stream/portable-names.ts"
import { loadWords, pageData, t } from "#visitor/islands/page-data.ts"
import { archiveFiles } from "./archive-files.ts"
import { runZip } from "./run-zip.ts"
import { choosePlace, startZip } from "./zip-transport.ts"
import { ownReportWords } from "./zip-words.ts"

let card: HTMLElement | undefined

/**
 * The script by which a member's page downloads the member's files as a ZIP. It shows the progress
 * in a card outside of the page's content, which stays when the member opens another page.
 */
export const downloadOwnZip: ZipScript["downloadOwnZip"] = async ({ title, list }, scripts) => {
  card?.remove()
  Object.assign(pageData, scripts)
  const team = teamOf(location.pathname)
  const name = `${portableName(title.slice(0, 120))}.zip`
  // Must run first: browsers open the picker only shortly after a click.
  const place = await choosePlace(name)
  if (place === "cancelled") return
  await loadWords()
  const { folders, note } = await list()
  const report = ownReportWords(title, note)
  const job = { source: { files: archiveFiles(folders), team }, folder: "", report }
  const { root, close } = showCard(name, note)
  const { hadFocus, result } = await runZip({
    root,
    name,
    start: (tell) => startZip({ name, job }, place, tell),
  })
  if (result === "no_worker")
    root.textContent = t(
      window.isSecureContext ? "visitor.zip.needsWorker" : "visitor.zip.needsHttps",
    )
  close.hidden = false
  if (hadFocus) close.focus()
}

function showCard(name: string, note: string) {
  card = document.createElement("section")
  card.className =
    "fixed inset-x-4 bottom-22 z-40 max-h-[70dvh] overflow-y-auto rounded-xl bg-raised px-4.5 py-3.5 text-sm shadow-raised inset-ring inset-ring-line sm:start-auto sm:w-88 md:end-6 md:bottom-6 print:hidden"
  card.setAttribute("aria-label", t("visitor.islands.zip.label"))
  const heading = document.createElement("h2")
  heading.className = "font-semibold wrap-anywhere"
  heading.textContent = name
  const root = document.createElement("div")
  const said = document.createElement("p")
  said.className = "mt-2 text-soft"
  said.textContent = note
  said.hidden = note === ""
  const close = document.createElement("button")
  close.type = "button"
  close.className = "button button-quiet button-sm mt-3"
  close.textContent = t("visitor.islands.preview.close")
  close.hidden = true
  close.onclick = () => card?.remove()
  card.append(heading, root, said, close)
  document.body.append(card)
  return { root, close }
}
