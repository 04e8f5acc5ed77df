import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import { idInAddress, markAddress, unmarkAddress } from "./address/look-address.ts"
import { host, locale, type ShownFile, setHost, t, type ViewerHost } from "./host.ts"
import { presentFile } from "./present-file.ts"
import { watchSwipes } from "./swipe.ts"
import { makeFrame, type ViewerFrame } from "./viewer-frame.ts"
import { loadViewerStyles } from "./viewer-styles.ts"

type Viewer = {
  frame: ViewerFrame
  files: ShownFile[]
  at: number
  /** Whether the browser's back button returns to the page without the viewer. */
  hasOwnEntry: boolean
  /** The element that had the focus before. */
  opener: Element | null
  /** Aborts the operations of the current file. */
  leaving: AbortController
}

/**
 * A reader who moves on sooner skips a file: it is not requested, and does not count as previewed.
 */
const SKIP_MS = 150

let viewer: Viewer | null = null

addEventListener("popstate", () => {
  const id = idInAddress()
  if (!id) dismiss()
  else if (viewer) go(viewer.files.findIndex((file) => file.id === id))
  else void openViewer(id, { hasOwnEntry: true })
})

// The listener is on the document, because Tab leads beyond the dialog's last button, where no
// element has the focus.
document.addEventListener("keydown", (event) => viewer && stepByKey(event))

/** Opens the viewer for a file, with a history entry that the back button leaves. */
export async function openFile(page: ViewerHost, id: string) {
  if (viewer) return
  setHost(page)
  await openViewer(id, { hasOwnEntry: true, plays: true })
  if (viewer) markAddress(id, "pushState")
}

/** Opens the viewer for the file that the page's URL names, if there is one. */
export async function openFromAddress(page: ViewerHost) {
  const id = idInAddress()
  if (!id || viewer) return
  setHost(page)
  await openViewer(id, { hasOwnEntry: false })
}

type Opening = { hasOwnEntry: boolean; plays?: boolean }

async function openViewer(id: string, { hasOwnEntry, plays = false }: Opening) {
  const files = host.files()
  const at = files.findIndex((file) => file.id === id)
  if (at < 0) return
  await Promise.all([host.loadWords(), loadViewerStyles()])
  if (viewer) return
  const frame = makeFrame({ onClose: close, onStep: step })
  const opener = document.activeElement
  viewer = { frame, files, at, hasOwnEntry, opener, leaving: new AbortController() }
  frame.steps.hidden = files.length < 2
  frame.note.textContent = host.note()
  frame.note.hidden = frame.note.textContent === ""
  frame.dialog.addEventListener("cancel", (event) => {
    event.preventDefault()
    close()
  })
  // Browsers close the dialog themselves when Esc is pressed twice, or by their back gesture. After
  // `dismiss` the event is late, and the next viewer may be open.
  frame.dialog.addEventListener("close", () => viewer?.frame === frame && close())
  const isMirrored = getComputedStyle(document.documentElement).direction === "rtl"
  watchSwipes(frame.stage, (towards) => step(isMirrored ? (towards === 1 ? -1 : 1) : towards))
  document.body.append(frame.dialog)
  frame.dialog.showModal()
  frame.dialog.focus()
  go(at, { plays })
}

/** Closes the viewer and removes the file from the page's URL. */
export function close() {
  if (!viewer) return
  if (viewer.hasOwnEntry && idInAddress()) history.back()
  else {
    unmarkAddress()
    dismiss()
  }
}

function dismiss() {
  if (!viewer) return
  const { frame, leaving, opener, files, at } = viewer
  viewer = null
  leaving.abort()
  frame.dialog.close()
  frame.dialog.remove()
  const link = host.openerOf(files[at]?.id ?? "")
  link?.focus()
  if (document.activeElement !== link && opener instanceof HTMLElement) opener.focus()
}

function step(by: 1 | -1) {
  if (!viewer) return
  const at = viewer.at + by
  const file = viewer.files[at]
  if (!file) return
  markAddress(file.id, "replaceState")
  go(at, { waitMs: SKIP_MS })
}

/** Arrow keys move through the files, unless the focused element uses them. */
function stepByKey(event: KeyboardEvent) {
  const { key, target, altKey, ctrlKey, metaKey, shiftKey } = event
  if (altKey || ctrlKey || metaKey || shiftKey || event.defaultPrevented) return
  if (key !== "ArrowLeft" && key !== "ArrowRight") return
  if (!(target instanceof HTMLElement) || target.closest("video, audio, input")) return
  const scroller = target.closest(".viewer-scroll")
  if (scroller && scroller.scrollWidth > scroller.clientWidth) return
  const isMirrored = getComputedStyle(document.documentElement).direction === "rtl"
  event.preventDefault()
  step((key === "ArrowRight") === isMirrored ? -1 : 1)
}

/** Shows another file of the page. */
function go(at: number, { waitMs = 0, plays = false } = {}) {
  const file = viewer?.files[at]
  if (!viewer || !file) return
  const { frame, files } = viewer
  viewer.at = at
  viewer.leaving.abort()
  viewer.leaving = new AbortController()
  const { signal } = viewer.leaving
  // If the replaced content had the focus, the dialog would no longer receive keys.
  const replaced = [frame.stage, frame.controls, frame.actions]
  if (replaced.some((part) => part.contains(document.activeElement))) frame.dialog.focus()
  frame.heading.textContent = file.name
  const place = files.length > 1 ? t("place", { at: at + 1, count: files.length }) : ""
  frame.place.textContent = [place, formatBytes(file.size, locale)].filter(Boolean).join(" · ")
  frame.status.textContent = [file.name, place].filter(Boolean).join(", ")
  frame.controls.replaceChildren()
  const say = (sentence: string) => {
    frame.status.textContent = sentence
  }
  frame.actions.replaceChildren(...host.actions(file, say))
  frame.previous.setAttribute("aria-disabled", String(at === 0))
  frame.next.setAttribute("aria-disabled", String(at === files.length - 1))
  void presentFile({ frame, file, signal, say, again: () => go(at, { plays }), waitMs, plays })
}
