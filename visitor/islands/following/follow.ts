import { poll } from "#components/calls/poll.ts"
import {
  locale,
  type PageData,
  pageData,
  readPageData,
  serverNow,
  t,
} from "#visitor/islands/page-data.ts"
import { startCountdowns } from "#visitor/islands/times/countdown.ts"
import { showLocalTimes } from "#visitor/islands/times/local-times.ts"
import { letterOf } from "./file-letter.ts"
import { leave } from "./leave.ts"
import { type LinkState, listingQuery, readState } from "./link-state.ts"

const SOON_MS = 5_000
const MAX_PAUSE_MS = 30_000

/** The displayed part of the link's state, without the number of downloads left. */
function shownOf(page: PageData) {
  const { files, counts, expiresAt, isLimited, canPreview, viewOnly, needsClaim } = page
  const asksToOpen = Boolean(viewOnly && needsClaim)
  return { files, counts, expiresAt, isLimited, canPreview, viewOnly, asksToOpen }
}

let shown = shownOf(pageData)

/**
 * Keeps an open page current: polls the link's state, every few seconds while files are uploading
 * and less often otherwise, such as while their uploads are paused. Reloads the page when the link
 * no longer opens.
 */
export function follow() {
  poll({ first: pauseNow, most: MAX_PAUSE_MS }, async () => {
    const before = shown
    await refresh()
    return shown !== before || isUploading()
  })
}

const pauseNow = () => (isUploading() || isOverdue() ? SOON_MS : MAX_PAUSE_MS)

const isUploading = () => !!shown.counts && shown.counts.arriving > shown.counts.paused

const isOverdue = () => typeof shown.expiresAt === "number" && serverNow() >= shown.expiresAt

/** Fetches the state and shows the changes; returns the state if the link still opens. */
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
  const next = shownOf(pageOf(state))
  if (JSON.stringify(next) !== JSON.stringify(shown)) await redraw()
  showDownloadsLeft(state)
  return state
}

/** The page data that a fresh page would contain. */
const pageOf = ({ files, expiresAt, downloadsLeft, ...rest }: LinkState): PageData => ({
  counts: rest.counts,
  canPreview: rest.canPreview,
  viewOnly: rest.viewOnly,
  needsClaim: rest.needsClaim,
  files: files.map(letterOf).join(""),
  expiresAt: expiresAt === null ? null : Date.parse(expiresAt),
  isLimited: downloadsLeft !== null,
})

/**
 * Other visitors' claims lower the number. A visitor with a ticket sees a text about the ticket
 * instead.
 */
function showDownloadsLeft({ downloadsLeft: count }: LinkState) {
  const left = document.querySelector<HTMLElement>("[data-downloads-left]:not([data-ticket])")
  const key = pageData.viewOnly ? "visitor.looksLeft" : "visitor.downloadsLeft"
  if (left && count !== null) left.textContent = t(key, { count })
}

/**
 * Replaces the changed parts by the parts of a fresh copy of the page, which counts no view and
 * lists the files that the URL selects. Returns whether the copy was fetched.
 */
export async function redraw({ keepsFolders = true } = {}): Promise<boolean> {
  const parts = listingQuery()
  parts.set("part", "live")
  parts.set("lang", locale)
  const response = await fetch(`${location.pathname}?${parts}`, { cache: "no-store" })
  if (!response.ok) return false
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html")
  const openFolders = new Map<string, boolean>()
  if (keepsFolders)
    for (const folder of folders(document)) openFolders.set(nameOf(folder), folder.open)
  for (const part of document.querySelectorAll<HTMLElement>("[data-live]")) {
    const freshPart = fresh.querySelector(`[data-live="${part.dataset.live}"]`)
    if (freshPart) part.replaceWith(document.adoptNode(freshPart))
  }
  const [page, freshPage] = [document, fresh].map((each) =>
    each.querySelector<HTMLElement>("[data-layout]"),
  )
  if (page && freshPage) page.dataset.layout = freshPage.dataset.layout
  for (const folder of folders(document))
    folder.open = openFolders.get(nameOf(folder)) ?? folder.open
  document.body.removeAttribute("data-lapsed")
  showLocalTimes()
  startCountdowns()
  document.dispatchEvent(new Event("lapse:redrawn"))
  shown = shownOf(readPageData(fresh))
  return true
}

const folders = (root: ParentNode) =>
  root.querySelectorAll<HTMLDetailsElement>("#files details:not([data-copy])")

/** The path of a folder in the list, which identifies it. */
function nameOf(folder: Element): string {
  const above = folder.parentElement?.closest("details")
  const own = folder.querySelector("summary")?.textContent ?? ""
  return above ? `${nameOf(above)}\n${own}` : own
}
