import { type LinkState, readState } from "./link-state.ts"
import { showLocalTimes } from "./local-times.ts"
import { pageData, t } from "./page-data.ts"

const SOON_MS = 5_000
const LATE_MS = 30_000
const SLOWING = 1.25

let shown = pageData.files ?? ""

/**
 * Keeps an open page current: asks for the link's state, every few seconds while files are
 * uploading and less often otherwise, never in a hidden tab. Reloads the page of a link that no
 * longer opens.
 */
export function follow() {
  let pause = pauseNow()
  let timer: ReturnType<typeof setTimeout> | undefined
  const wait = () => {
    clearTimeout(timer)
    if (!document.hidden) timer = setTimeout(look, pause)
  }
  const look = async () => {
    const before = shown
    await refresh()
    pause = shown === before ? Math.min(LATE_MS, pause * SLOWING) : pauseNow()
    wait()
  }
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer)
    if (!document.hidden) void look()
  })
  wait()
}

const pauseNow = () => (shown.includes("u") ? SOON_MS : LATE_MS)

/** Asks for the state and shows what changed; returns it where the link still opens. */
export async function refresh(): Promise<LinkState | null> {
  const state = await readState()
  if (state === null) return null
  const isClosed = state === "closed" || !["open", "used_up"].includes(state.status)
  if (isClosed) {
    // A ZIP that is being made may still end well: it prevents this, and the next look tries again.
    const closing = new Event("lapse:closing", { cancelable: true })
    if (document.dispatchEvent(closing)) location.reload()
    return null
  }
  const files = state.files.map(({ status }) => status[0]).join("")
  if (files !== shown) await redraw(files)
  showDownloadsLeft(state)
  return state
}

/**
 * Other visitors' claims lower the number. A visitor with a ticket reads about the ticket instead.
 */
function showDownloadsLeft({ downloadsLeft: count }: LinkState) {
  const left = document.querySelector<HTMLElement>("[data-downloads-left]:not([data-ticket])")
  if (left && count !== null) left.textContent = t("visitor.downloadsLeft", { count })
}

/** Replaces the parts that changed with those of a fresh copy of the page, which counts no view. */
async function redraw(files: string) {
  const response = await fetch(`${location.pathname}?q=${query()}`, { cache: "no-store" })
  if (!response.ok) return
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html")
  const openFolders = new Map<string, boolean>()
  for (const folder of folders(document)) openFolders.set(nameOf(folder), folder.open)
  for (const part of document.querySelectorAll<HTMLElement>("[data-live]")) {
    const next = fresh.querySelector(`[data-live="${part.dataset.live}"]`)
    if (next) part.replaceWith(document.adoptNode(next))
  }
  for (const folder of folders(document))
    folder.open = openFolders.get(nameOf(folder)) ?? folder.open
  showLocalTimes()
  document.dispatchEvent(new Event("lapse:redrawn"))
  shown = files
}

const query = () => encodeURIComponent(new URLSearchParams(location.search).get("q") ?? "")

const folders = (root: ParentNode) =>
  root.querySelectorAll<HTMLDetailsElement>("#files details:not([data-copy])")

/** The names of a folder and of those around it, which identify it. */
function nameOf(folder: Element): string {
  const above = folder.parentElement?.closest("details")
  const own = folder.querySelector("summary")?.textContent ?? ""
  return above ? `${nameOf(above)}\n${own}` : own
}
