import "client-only"
import { api } from "#components/api.ts"
import { ApiError, answerOf } from "#components/calls/api-call.ts"
import { onSessionRenewed } from "#components/calls/session-ended.ts"
import type { Conditions } from "#components/shares/conditions/conditions-of-form.ts"
import { copyLater } from "#components/ui/forms/copy-text.ts"
import { markAsShared } from "#components/upload/shared-uploads.ts"
import { tabUploader } from "#components/upload/tab-uploader.ts"
import type { ShareView } from "#lib/shares/share.ts"
import type { Upload, UploadSource } from "#packages/uploader/upload.ts"
import { type Drop, type DropsSnapshot, folderOf } from "./drop.ts"
import { type DropEntry as Entry, newDropEntry } from "./drop-entry.ts"
import { findShareOf } from "./find-share-of.ts"

const TITLE_DELAY_MS = 700

const entries = new Map<string, Entry>()
const listeners = new Set<() => void>()
let snapshot: DropsSnapshot = { drops: [], changes: 0 }
let isWatching = false

export const dropsSnapshot = () => snapshot

export function subscribeToDrops(listener: () => void) {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** Uploads files, and creates their link as soon as the app has a record of each. */
export function addDrop(sources: readonly UploadSource[]) {
  if (sources.length === 0) return
  watchUploads()
  const known = new Set(
    tabUploader()
      .snapshot()
      .unfinished.map(({ fileId }) => fileId),
  )
  const title = folderOf(sources)
  const entry = newDropEntry(tabUploader().add(sources), title)
  entry.mayBeShared = known.size > 0
  begin(entry)
}

/** Creates the link of files that are already in the list of uploads. */
export function linkUploads(uploads: readonly Upload[]) {
  if (uploads.length === 0) return
  watchUploads()
  const ids = new Set(uploads.map(({ id }) => id))
  for (const entry of entries.values()) {
    const { uploadIds } = entry.view
    if (uploadIds.some((id) => ids.has(id)))
      update(entry, { uploadIds: uploadIds.filter((id) => !ids.has(id)) })
  }
  begin(newDropEntry([...ids], folderOf(uploads)))
}

function begin(entry: Entry) {
  entries.set(entry.view.id, entry)
  changed()
  // Must run during the drop or the click event.
  void copyLater(entry.url.promise).then((copied) => update(entry, { copied }))
  void tabUploader()
    .register()
    .then(() => {
      entry.isRegistered = true
      advance(entry)
    })
}

/** Retries creating a link, with the conditions that the member has set meanwhile. */
export function retryDrop(id: string, conditions: Conditions = {}) {
  const entry = entries.get(id)
  if (entry?.view.state !== "refused") return
  Object.assign(entry.conditions, conditions)
  // The refusal stays until there is an answer, and with it what is typed in its form.
  update(entry, { state: "waiting" })
  advance(entry)
}

/** Sets the title. It is saved with a short delay, or with the link. */
export function typeTitle(id: string, title: string) {
  const entry = entries.get(id)
  if (!entry) return
  update(entry, { title })
  clearTimeout(entry.titleTimer)
  entry.titleTimer = setTimeout(() => void saveTitle(id), TITLE_DELAY_MS)
}

/** Saves a typed title. */
export async function saveTitle(id: string, options = { keepalive: false }) {
  const entry = entries.get(id)
  if (!entry) return
  clearTimeout(entry.titleTimer)
  const { share, title } = entry.view
  if (!share || title === entry.savedTitle) return
  const before = entry.savedTitle
  entry.savedTitle = title
  const answer = await answerOf(api.shares.change(share.id, { title }, options))
  if (!(answer instanceof ApiError)) return showShare(id, answer)
  entry.savedTitle = before
  update(entry, { problem: { about: "title", message: answer.message } })
}

/** Updates the share of a drop after a change elsewhere. */
export function showShare(id: string, share: ShareView) {
  const entry = entries.get(id)
  if (!entry) return
  update(entry, { problem: null })
  follow(entry, share)
  listsChanged()
}

/** Updates the drops from the shares of a page, without another refresh. */
export function syncShares(shares: readonly ShareView[]) {
  for (const entry of entries.values()) {
    const share = shares.find(({ id }) => id === entry.view.share?.id)
    if (share) follow(entry, share)
  }
}

function follow(entry: Entry, share: ShareView) {
  const isTyping = entry.view.title !== entry.savedTitle
  if (!isTyping) entry.savedTitle = share.title
  update(entry, { share, ...(!isTyping && { title: share.title }) })
}

/** Revokes the link and cancels unfinished uploads. Resolves with true once that is done. */
export async function undoDrop(id: string): Promise<boolean> {
  const entry = entries.get(id)
  const { share, state, uploadIds } = entry?.view ?? {}
  if (!entry || !share || state !== "linked") return false
  update(entry, { state: "ending", problem: null })
  const moving = uploadsOf(entry).flatMap(({ id, state }) => (state === "paused" ? [] : [id]))
  tabUploader().pause(moving)
  const answer = await answerOf(api.shares.revoke(share.id))
  if (answer instanceof ApiError) {
    tabUploader().resume(moving)
    update(entry, { state: "linked", problem: { about: "undo", message: answer.message } })
    return false
  }
  tabUploader().cancel(uploadIds ?? [])
  entries.delete(id)
  listsChanged()
  return true
}

/** Removes a drop from the list, with its stored uploads. */
export function dismissDrop(id: string) {
  const entry = entries.get(id)
  if (!entry) return
  void saveTitle(id)
  entries.delete(id)
  tabUploader().removeStored(entry.view.uploadIds)
  changed()
}

/** Retries all drops that were refused because the session had ended. */
function retrySignedOut() {
  for (const { view } of Array.from(entries.values())) {
    if (view.refusal?.status === 401) retryDrop(view.id)
    if (view.problem?.about === "title") void saveTitle(view.id)
  }
}

/** Removes all drops, because another member uses the tab. */
export function clearDrops() {
  for (const { titleTimer } of entries.values()) clearTimeout(titleTimer)
  entries.clear()
  changed()
}

function watchUploads() {
  if (isWatching) return
  isWatching = true
  tabUploader().subscribe(() => {
    for (const entry of Array.from(entries.values())) advance(entry)
  })
  onSessionRenewed(retrySignedOut)
  window.addEventListener("pagehide", () => {
    for (const id of entries.keys()) void saveTitle(id, { keepalive: true })
  })
}

/** Creates the link once the app has answered for every file. Later files are added to it. */
function advance(entry: Entry) {
  if (entry.view.state === "linked") void addLateFiles(entry)
  if (entry.view.state !== "waiting" || !entries.has(entry.view.id)) return
  const uploads = uploadsOf(entry)
  if (uploads.length === 0) {
    entries.delete(entry.view.id)
    entry.url.reject(new Error("every file was taken off the list"))
    return changed()
  }
  if (uploads.some((upload) => isUnanswered(upload, entry.isRegistered))) return
  const fileIds = uploads.flatMap(({ fileId }) => (fileId === null ? [] : [fileId]))
  if (fileIds.length > 0) void mint(entry, fileIds)
}

/** Adds files whose record was refused at first, or created again, to the existing link. */
async function addLateFiles(entry: Entry) {
  const { share, id } = entry.view
  const late = uploadsOf(entry).flatMap(({ fileId }) =>
    fileId === null || entry.heldFileIds.has(fileId) ? [] : [fileId],
  )
  if (!share || entry.isAdding || late.length === 0) return
  entry.isAdding = true
  for (const fileId of late) entry.heldFileIds.add(fileId)
  const answer = await answerOf(api.shares.change(share.id, { addFileIds: late }))
  entry.isAdding = false
  // Otherwise the row says that they are not in the link.
  if (answer instanceof ApiError) return
  markAsShared(late)
  showShare(id, answer)
  return addLateFiles(entry)
}

/**
 * Whether a file has no answer yet. One whose record was refused fails separately, and the link
 * does not wait for it.
 */
const isUnanswered = ({ fileId, state }: Upload, isRegistered: boolean) =>
  fileId === null &&
  (state === "starting" || state === "waiting" || (state === "queued" && !isRegistered))

async function mint(entry: Entry, fileIds: string[]) {
  update(entry, { state: "minting" })
  const { title } = entry.view
  const share = await answerOf(createOrFind(entry, fileIds, title))
  if (share instanceof ApiError) {
    entry.mayBeShared ||= share.code === "no_answer"
    return update(entry, { state: "refused", refusal: share })
  }
  entry.savedTitle = share.title
  entry.heldFileIds = new Set(fileIds)
  markAsShared(fileIds)
  const titled = !entry.view.title && { title: share.title }
  update(entry, { state: "linked", share, refusal: null, ...titled })
  entry.url.resolve(share.url)
  listsChanged()
  if (entry.view.title !== share.title) void saveTitle(entry.view.id)
}

async function createOrFind(entry: Entry, fileIds: string[], title: string): Promise<ShareView> {
  const found = entry.mayBeShared ? await findShareOf(fileIds) : null
  return found ?? api.shares.create({ fileIds, ...(title && { title }), ...entry.conditions })
}

function uploadsOf({ view }: Entry): Upload[] {
  const ids = new Set(view.uploadIds)
  return tabUploader()
    .snapshot()
    .uploads.filter(({ id }) => ids.has(id))
}

function update(entry: Entry, patch: Partial<Drop>) {
  entry.view = { ...entry.view, ...patch }
  changed()
}

function listsChanged() {
  snapshot = { ...snapshot, changes: snapshot.changes + 1 }
  changed()
}

function changed() {
  const drops = Array.from(entries.values(), ({ view }) => view).reverse()
  snapshot = { ...snapshot, drops }
  for (const listener of listeners) listener()
}
