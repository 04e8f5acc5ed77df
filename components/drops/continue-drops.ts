import "client-only"
import { ApiError, answerOf } from "#components/calls/api-call.ts"
import { ask } from "#components/calls/ask.ts"
import { tabUploader } from "#components/upload/tab-uploader.ts"
import type { Upload } from "#packages/uploader/upload.ts"
import { newDropEntry } from "./drop-entry.ts"
import { dropEntries, updateDrop } from "./drop-list.ts"
import { listUsableShares } from "./find-share-of.ts"
import { fileIdsOf, isUnanswered, showLink } from "./link-drop.ts"

/** By owner, the ids of continued uploads whose links are not known yet. */
const continued = new Map<string | null, readonly string[]>()

export function addContinued(uploadIds: readonly string[], team: string | null) {
  continued.set(team, [...(continued.get(team) ?? []), ...uploadIds])
  advanceContinued(team)
}

/** Asks the app for the links of an owner's continued uploads, once all have their files. */
export function advanceContinued(team: string | null) {
  const ids = new Set(continued.get(team))
  if (ids.size === 0) return
  const uploads = tabUploader(team)
    .snapshot()
    .uploads.filter(({ id }) => ids.has(id))
  if (uploads.some(isUnanswered)) return
  continued.delete(team)
  if (fileIdsOf(uploads).length > 0) void findLinks(uploads, team)
}

/** An upload without a usable link, or whose links are not known, stays without one. */
async function findLinks(uploads: readonly Upload[], team: string | null) {
  const left = new Map(uploads.flatMap(({ id, fileId }) => (fileId ? [[fileId, id]] : [])))
  const shares = await answerOf(listUsableShares(fileIdsOf(uploads), team))
  if (shares instanceof ApiError) return
  for (const { id, fileIds } of shares) {
    const uploadIds = fileIds.flatMap((fileId) => left.get(fileId) ?? [])
    for (const fileId of fileIds) left.delete(fileId)
    if (uploadIds.length > 0) await showBelow(id, uploadIds, team)
  }
}

async function showBelow(shareId: string, uploadIds: string[], team: string | null) {
  const share = await answerOf(ask("GET /shares/{id}", { id: shareId }, { team }))
  if (share instanceof ApiError) return
  const known = Array.from(dropEntries.values()).find(({ view }) => view.share?.id === shareId)
  const entry = known ?? newDropEntry([], { title: share.title, team })
  dropEntries.set(entry.view.id, entry)
  updateDrop(entry, { uploadIds: [...entry.view.uploadIds, ...uploadIds] })
  showLink(entry, share)
}
