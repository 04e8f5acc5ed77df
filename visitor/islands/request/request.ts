import { poll } from "#components/calls/poll.ts"
import { droppedFiles } from "#packages/uploader/picking/dropped-files.ts"
import { pickedFiles } from "#packages/uploader/picking/picked-files.ts"
import type { UploadSource } from "#packages/uploader/upload.ts"
import { dropLanguage } from "../drop-language.ts"
import { loadWords, locale, pageData } from "../page-data.ts"
import { startCountdowns } from "../times/countdown.ts"
import { showLocalTimes } from "../times/local-times.ts"
import { savePage } from "./save-page.ts"

const PAUSE_MS = 12_000

/**
 * Keeps the limits on the page of a request current, by a fresh copy of it that counts no view.
 * Dispatches "lapse:room" after that, and "lapse:closed" once the request takes no more files: the
 * page says so, and what was sent stays in sight. "lapse:sent" asks for a copy at once.
 */
function followRequest() {
  const { pollNow, stop } = poll({ first: () => PAUSE_MS, most: PAUSE_MS }, async () => {
    const query = new URLSearchParams({ part: "live", lang: locale })
    const response = await fetch(`${location.pathname}?${query}`, { cache: "no-store" }).catch(
      () => null,
    )
    if (!response || response.status === 429 || response.status >= 500) return false
    // Another tab finished the one delivery that the request takes.
    if (response.redirected) location.replace(response.url)
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html")
    const [limits, now] = [document, fresh].map((root) => root.querySelector(LIMITS))
    if (limits && now) {
      limits.replaceWith(now)
      document.dispatchEvent(new Event("lapse:room"))
    } else if (!response.ok) {
      stop()
      limits?.replaceChildren(...messageOf(fresh))
      limits?.setAttribute("role", "alert")
      document.querySelector("[data-live=time]")?.remove()
      for (const part of document.querySelectorAll<HTMLElement>("[data-drop], [data-done]"))
        part.hidden = true
      document.dispatchEvent(new Event("lapse:closed"))
    }
    return false
  })
  document.addEventListener("lapse:sent", pollNow)
}

const LIMITS = "[data-live=limits]"

/** The heading and the sentences of a page with one message. */
function messageOf(page: Document) {
  const heading = document.createElement("h2")
  heading.className = "font-semibold text-ink"
  heading.textContent = page.querySelector("h1")?.textContent ?? ""
  return [heading, ...page.querySelectorAll("main > p")]
}

// The script of a request. The code that sends files is loaded when the first one is chosen, or at
// once in a browser that has begun a delivery.
showLocalTimes()
startCountdowns()
dropLanguage()

const load = () => loadWords().then(() => import("./send-files.ts"))

async function send(chosen: Promise<UploadSource[]>) {
  const [{ add }, files] = await Promise.all([load(), chosen])
  add(files)
}

function offerSending(drop: HTMLElement) {
  for (const input of drop.querySelectorAll("input")) {
    if (input.matches("[data-folder]")) input.webkitdirectory = true
    input.addEventListener("change", () => {
      void send(pickedFiles(input.files ?? []))
      input.value = ""
    })
  }
  document.addEventListener("dragover", (event) => event.preventDefault())
  document.addEventListener("drop", (event) => {
    event.preventDefault()
    if (event.dataTransfer) void send(droppedFiles(event.dataTransfer))
  })
  if (pageData.delivery === "begun") void load()
  // A full request may take files again, which the script then offers.
  document.addEventListener("lapse:room", () => void (drop.hidden && load()))
}

document.querySelector("[data-print]")?.addEventListener("click", () => print())
document.querySelector("[data-save]")?.addEventListener("click", () => savePage("receipt.html"))
const drop = document.querySelector<HTMLElement>("[data-drop]")
if (drop) {
  offerSending(drop)
  followRequest()
}
