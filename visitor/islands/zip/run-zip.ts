import { createRateMeter } from "#packages/transfer/rate-meter.ts"
import { t } from "#visitor/islands/page-data.ts"
import type { ZipFailure } from "../../zip/zip-job.ts"
import { createZipPanel, type Shown, type ZipPanel } from "./zip-panel.ts"
import { reachesStore, storeOrigin, type Zip, type ZipNews } from "./zip-transport.ts"

type Start = (tell: (news: ZipNews) => void) => Promise<Zip>

type ZipRun = {
  /** The element of the panel. */
  root: HTMLElement
  name: string
  start: Start
  /** Called when the files are claimed. */
  onReady?: () => void
}

/** "no_worker": the browser refused the worker, as in a private window; the panel is empty then. */
type ZipResult = "shown" | "link_closed" | "no_worker"

/** Shows a ZIP until it has ended. Resolves with how, and whether the focus was on its panel. */
export async function runZip({ root, name, start, onReady }: ZipRun) {
  const meter = createRateMeter()
  let end = () => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const outcome: { result: ZipResult; hadFocus: boolean } = { result: "shown", hadFocus: false }
  let zip: Zip | null = null
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
          onReady?.()
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
          outcome.hadFocus = root.contains(document.activeElement)
          if (news.type === "failed" && news.failure.why === "closed")
            outcome.result = "link_closed"
          else show(panel, news, name)
          end()
      }
    }
    zip = await start(tell).catch(() => null)
    if (zip) await ended
    else if (await reachesStore()) {
      root.replaceChildren()
      outcome.result = "no_worker"
    } else panel.end(failureText({ why: "unreachable" }))
    return outcome
  } finally {
    removeEventListener("beforeunload", leaving)
    document.removeEventListener("lapse:leaving", leaving)
    zip?.release()
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
  if (failure.why === "unreachable")
    return t("visitor.islands.zip.unreachable", { store: new URL(storeOrigin()).host })
  if (failure.why === "disk") return t("visitor.islands.zip.disk")
  return t("visitor.islands.zip.broken")
}
