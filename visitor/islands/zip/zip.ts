import { createRateMeter } from "#packages/transfer/rate-meter.ts"
import { portableName } from "#packages/zip-stream/portable-names.ts"
import { announceStarted } from "#visitor/islands/following/announce-downloads.ts"
import { listingQuery } from "#visitor/islands/following/link-state.ts"
import { loadWords, pageData, t } from "#visitor/islands/page-data.ts"
import type { ZipFailure } from "../../zip/zip-job.ts"
import { createZipPanel, type Shown, type ZipPanel } from "./zip-panel.ts"
import { choosePlace, startZip, type Zip, type ZipNews } from "./zip-transport.ts"
import { reportWords } from "./zip-words.ts"

let isRunning = false

/**
 * The content of a ZIP: the files with these ids, or all ready files in a folder ("" is the whole
 * share).
 */
export type Selection = { folder: string; fileIds: string[] | null }

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
    const job = { token: pageData.token ?? "", fileIds, folder, q, report }
    const { hadFocus, isClosed } = await run(root, name, (tell) =>
      startZip({ name, job }, place, tell),
    )
    // The reloaded page says how the link ended.
    if (isClosed) return location.reload()
    isRunning = false
    showButtons()
    if (hadFocus) document.querySelector<HTMLElement>("button[data-zip]")?.focus()
  } finally {
    isRunning = false
    showButtons()
  }
}

type Start = (tell: (news: ZipNews) => void) => Promise<Zip>

/** Shows a ZIP until it has ended; resolves with whether the focus was on its panel. */
async function run(root: HTMLElement, name: string, start: Start) {
  const meter = createRateMeter()
  let end = () => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  let [hadFocus, isClosed] = [false, false]
  let zip: Zip | null = null
  let announced = Promise.resolve()
  const shown: Shown = {
    files: 0,
    bytes: 0,
    of: { files: 0, bytes: 0 },
    rate: null,
    isPaused: false,
    isWaiting: false,
  }
  const pause = (isPaused: boolean) => {
    zip?.command(isPaused ? "pause" : "resume")
    meter.reset()
    Object.assign(shown, { isPaused, rate: null })
    panel.show(shown)
  }
  const panel = createZipPanel(root, {
    onPause: () => pause(true),
    onResume: () => pause(false),
    onCancel: () => zip?.command("cancel"),
  })
  const leaving = (event: Event) => event.preventDefault()
  addEventListener("beforeunload", leaving)
  document.addEventListener("lapse:leaving", leaving)
  try {
    const tell = (news: ZipNews) => {
      switch (news.type) {
        case "ready":
          shown.of = { files: news.files, bytes: news.bytes }
          announced = announceStarted()
          return panel.show(shown)
        case "progress": {
          const { files, bytes, isWaiting } = news
          if (shown.of.files === 0) return
          meter.add(performance.now(), bytes)
          Object.assign(shown, { files, bytes, isWaiting, rate: meter.rate(performance.now()) })
          return panel.show(shown)
        }
        case "began":
          return
        default:
          hadFocus = root.contains(document.activeElement)
          isClosed = news.type === "failed" && news.failure.why === "closed"
          if (!isClosed) show(panel, news, name)
          end()
      }
    }
    zip = await start(tell).catch(() => null)
    if (!zip) {
      // In a private window, or with blocked site data, the browser refuses workers.
      root.replaceChildren()
      document.documentElement.dataset.noZip = "worker"
      return { hadFocus, isClosed }
    }
    await ended
    return { hadFocus, isClosed }
  } finally {
    removeEventListener("beforeunload", leaving)
    document.removeEventListener("lapse:leaving", leaving)
    zip?.release()
    // A small ZIP ends before the announcement.
    void announced.then(() => document.querySelector("[data-started]")?.replaceChildren())
  }
}

type End = Exclude<ZipNews, { type: "ready" | "began" | "progress" }>

function show(panel: ZipPanel, news: End, name: string) {
  if (news.type !== "done") return panel.end(endText(news))
  const { files, missing } = news
  panel.end(doneText(files - missing.length, missing.length, name), missing)
}

const doneText = (count: number, missing: number, name: string) =>
  missing > 0
    ? t("visitor.islands.zip.doneSome", { count, missing, name })
    : t("visitor.islands.zip.done", { count, name })

function endText(news: Exclude<End, { type: "done" }>) {
  if (news.type === "cancelled") return t("visitor.islands.zip.cancelled")
  if (news.type === "not_started") return t("visitor.islands.zip.notStarted")
  return failureText(news.failure)
}

function failureText(failure: ZipFailure) {
  if (failure.why === "refused") return failure.reason ?? t("visitor.islands.zip.broken")
  if (failure.why === "unreachable") return t("visitor.islands.zip.unreachable")
  if (failure.why === "disk") return t("visitor.islands.zip.disk")
  return t("visitor.islands.zip.broken")
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
