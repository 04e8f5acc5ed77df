import { createDownload } from "#packages/downloader/download.ts"
import {
  createSavedDownloads,
  type RemoteFile,
  removeLeftovers,
  type SavedDownload,
} from "#packages/downloader/saving/saved-downloads.ts"
import { openSink } from "#packages/downloader/saving/sink.ts"
import { hasPrivateRoom, type Target } from "#packages/downloader/saving/target.ts"
import { randomId } from "#packages/transfer/random-id.ts"
import { createTabLocks } from "#packages/transfer/tab-locks.ts"
import { announceStarted } from "../following/announce-downloads.ts"
import { loadWords, pageData, t } from "../page-data.ts"
import { createDownloadPanel } from "./download-panel.ts"
import { addressesOf } from "./fresh-url.ts"
import { markUnfinished } from "./unfinished-mark.ts"

const saved = createSavedDownloads("lapse")
const locks = createTabLocks("lapse-download-", "lapse-downloads")
/** The functions that continue the downloads shown on the page, by key. */
const shown = new Map<string, () => Promise<void>>()

/**
 * Starts the download of a large file after a click. Continues an unfinished one. Without room in
 * private storage the browser's ordinary download starts.
 */
export async function startResumable(form: HTMLFormElement) {
  const { name = "", size, sha256 = null } = form.dataset
  const fileId = form.action.split("/").at(-1) ?? ""
  const file: RemoteFile = { key: keyOf(fileId), name, size: Number(size), sha256 }
  const resume = shown.get(file.key)
  if (resume) return resume()
  const earlier = await saved.find(file.key)
  if (earlier) return open(earlier.file, earlier.target, earlier)
  if (await hasPrivateRoom(file.size)) return open(file, { name: randomId() }, null)
  // Shown first, because WebKit ends the page's requests when a download starts.
  await sayOrdinary().catch(() => {})
  form.requestSubmit()
}

async function sayOrdinary() {
  await loadWords()
  const place = document.querySelector("[data-resumable]")
  if (place?.querySelector(":scope > p")) return
  const note = document.createElement("p")
  note.className = "mt-3 text-sm text-soft"
  note.textContent = t("visitor.islands.resumable.ordinary")
  place?.append(note)
}

/** Shows unfinished downloads of an earlier visit, and deletes old ones. */
export async function offerUnfinished() {
  await removeLeftovers({ saved, held: await locks.held(), now: Date.now() })
  const left = await saved.list()
  if (left.length === 0) markUnfinished(false)
  const files = new Set(fileIdsOfPage())
  for (const each of left) {
    const { key } = each.file
    if (!key.startsWith(keyOf("")) || !files.has(key.slice(keyOf("").length))) continue
    await show(each.file, each.target, each)
  }
}

async function open(file: RemoteFile, target: Target, earlier: SavedDownload | null) {
  markUnfinished(true)
  const download = await show(file, target, earlier)
  void download.start()
  setTimeout(() => void announceStarted(), COUNTED_AFTER_MS)
}

/** The delay after which the claim is counted. */
const COUNTED_AFTER_MS = 1_500

async function show(file: RemoteFile, target: Target, earlier: SavedDownload | null) {
  await loadWords()
  const fileId = file.key.slice(keyOf("").length)
  let addresses = addressesOf(fileId, { claims: earlier === null })
  const download = createDownload({
    file,
    target,
    earlier,
    saved,
    locks,
    freshUrl: (signal) => addresses.freshUrl(signal),
    openSink: (open) => openSink(createWorker, open),
  })
  async function resume() {
    if (addresses.needsClaim()) addresses = addressesOf(fileId, { claims: true })
    await download.start()
  }
  // Firefox aborts the requests of a page before it unloads it. A retry at that moment continues
  // without the page if its preflight was pending.
  addEventListener("pagehide", () => void download.pause())
  shown.set(file.key, resume)
  createDownloadPanel({
    download,
    needsClaim: () => addresses.needsClaim(),
    onResume: resume,
    onRemoved: () => shown.delete(file.key),
  })
  return download
}

const createWorker = () => new Worker(pageData.downloadWorker ?? "")

/** The key of one file of one link. */
const keyOf = (fileId: string) => `${pageData.token}/${fileId}`

function fileIdsOfPage() {
  const forms = document.querySelectorAll<HTMLFormElement>("form[data-size]")
  return Array.from(forms, ({ action }) => action.split("/").at(-1) ?? "")
}
