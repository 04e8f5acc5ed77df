import { startCountdowns } from "./countdown.ts"
import { letterOf } from "./file-letter.ts"
import { leave } from "./leave.ts"
import { type LinkState, readState } from "./link-state.ts"
import { showLocalTimes } from "./local-times.ts"
import { locale, type PageData, pageData, serverNow, t } from "./page-data.ts"
import { poll } from "./poll.ts"

const SOON_MS = 5_000
const LATE_MS = 30_000

/** What the page shows of the link's state, apart from how many downloads are left. */
type Shown = {
  files: string
  expiresAt: number | null
  isLimited: boolean
  canPreview: boolean
  viewOnly: boolean
  /** Whether the page asks to open its files first. */
  asksToOpen: boolean
}

type Switches = Pick<PageData, "canPreview" | "viewOnly" | "needsClaim">

const switchesOf = ({ canPreview = false, viewOnly = false, needsClaim = false }: Switches) => ({
  canPreview,
  viewOnly,
  asksToOpen: viewOnly && needsClaim,
})

let shown: Shown = {
  files: pageData.files ?? "",
  expiresAt: pageData.expiresAt ?? null,
  isLimited: pageData.isLimited ?? false,
  ...switchesOf(pageData),
}

/**
 * Keeps an open page current: asks for the link's state, every few seconds while files are
 * uploading and less often otherwise. Reloads the page of a link that no longer opens.
 */
export function follow() {
  poll({ first: pauseNow, most: LATE_MS }, async () => {
    const before = shown
    await refresh()
    return shown !== before
  })
}

const pauseNow = () => (shown.files.includes("u") || isOverdue() ? SOON_MS : LATE_MS)

const isOverdue = () => shown.expiresAt !== null && serverNow() >= shown.expiresAt

/** Asks for the state and shows what changed; returns it where the link still opens. */
export async function refresh(): Promise<LinkState | null> {
  const found = await readState()
  if (found === null) return null
  const { state } = found
  if (state === null) {
    leave()
    return null
  }
  const { canPreview, viewOnly, needsClaim } = state
  Object.assign(pageData, { canPreview, viewOnly, needsClaim })
  const next = shownOf(state)
  if (JSON.stringify(next) !== JSON.stringify(shown)) await redraw(next)
  showDownloadsLeft(state)
  return state
}

const shownOf = ({ files, expiresAt, downloadsLeft, ...switches }: LinkState): Shown => ({
  files: files.map(letterOf).join(""),
  expiresAt: expiresAt === null ? null : Date.parse(expiresAt),
  isLimited: downloadsLeft !== null,
  ...switchesOf(switches),
})

/**
 * Other visitors' claims lower the number. A visitor with a ticket reads about the ticket instead.
 */
function showDownloadsLeft({ downloadsLeft: count }: LinkState) {
  const left = document.querySelector<HTMLElement>("[data-downloads-left]:not([data-ticket])")
  const key = pageData.viewOnly ? "visitor.looksLeft" : "visitor.downloadsLeft"
  if (left && count !== null) left.textContent = t(key, { count })
}

/** Replaces the parts that changed with those of a fresh copy of the page, which counts no view. */
async function redraw(next: Shown) {
  const parts = new URLSearchParams({ part: "live", lang: locale, q: query() })
  const response = await fetch(`${location.pathname}?${parts}`, { cache: "no-store" })
  if (!response.ok) return
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html")
  const openFolders = new Map<string, boolean>()
  for (const folder of folders(document)) openFolders.set(nameOf(folder), folder.open)
  for (const part of document.querySelectorAll<HTMLElement>("[data-live]")) {
    const freshPart = fresh.querySelector(`[data-live="${part.dataset.live}"]`)
    if (freshPart) part.replaceWith(document.adoptNode(freshPart))
  }
  for (const folder of folders(document))
    folder.open = openFolders.get(nameOf(folder)) ?? folder.open
  document.body.removeAttribute("data-lapsed")
  showLocalTimes()
  startCountdowns()
  document.dispatchEvent(new Event("lapse:redrawn"))
  shown = next
}

const query = () => new URLSearchParams(location.search).get("q") ?? ""

const folders = (root: ParentNode) =>
  root.querySelectorAll<HTMLDetailsElement>("#files details:not([data-copy])")

/** The names of a folder and of those around it, which identify it. */
function nameOf(folder: Element): string {
  const above = folder.parentElement?.closest("details")
  const own = folder.querySelector("summary")?.textContent ?? ""
  return above ? `${nameOf(above)}\n${own}` : own
}
