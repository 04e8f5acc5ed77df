import "client-only"
import { ApiError, answerOf } from "#components/calls/api-call.ts"
import { ask } from "#components/calls/ask.ts"
import { tabUploader } from "#components/upload/tab-uploader.ts"
import type { Upload } from "#packages/uploader/upload.ts"
import { newDropEntry } from "./drop-entry.ts"
import { dropEntries, updateDrop } from "./drop-list.ts"
import { listUsableShares } from "./find-share-of.ts"
import { fileIdsOf, isUnanswered, showLink } from "./link-drop.ts"

/** The ids of continued uploads whose links are not known yet. */
const continued = new Set<string>()

export function addContinued(uploadIds: readonly string[]) {
  for (const id of uploadIds) continued.add(id)
  advanceContinued()
}

/** Asks the app for the links of continued uploads, once all have their files. */
export function advanceContinued() {
  if (continued.size === 0) return
  const uploads = tabUploader()
    .snapshot()
    .uploads.filter(({ id }) => continued.has(id))
  if (uploads.some(isUnanswered)) return
  continued.clear()
  if (fileIdsOf(uploads).length > 0) void findLinks(uploads)
}

/** An upload without a usable link, or whose links are not known, stays without one. */
async function findLinks(uploads: readonly Upload[]) {
  const left = new Map(uploads.flatMap(({ id, fileId }) => (fileId ? [[fileId, id]] : [])))
  const shares = await answerOf(listUsableShares(fileIdsOf(uploads)))
  if (shares instanceof ApiError) return
  for (const { id, fileIds } of shares) {
    const uploadIds = fileIds.flatMap((fileId) => left.get(fileId) ?? [])
    for (const fileId of fileIds) left.delete(fileId)
    if (uploadIds.length > 0) await showBelow(id, uploadIds)
  }
}

async function showBelow(shareId: string, uploadIds: string[]) {
  const share = await answerOf(ask("GET /shares/{id}", { id: shareId }))
  if (share instanceof ApiError) return
  const known = Array.from(dropEntries.values()).find(({ view }) => view.share?.id === shareId)
  const entry = known ?? newDropEntry([], share.title)
  dropEntries.set(entry.view.id, entry)
  updateDrop(entry, { uploadIds: [...entry.view.uploadIds, ...uploadIds] })
  showLink(entry, share)
}
