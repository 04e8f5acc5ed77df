import "client-only"
import { ApiError, answerOf } from "#components/calls/api-call.ts"
import { ask } from "#components/calls/ask.ts"
import { markAsShared } from "#components/upload/shared-uploads.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import type { Upload } from "#packages/uploader/upload.ts"
import type { DropEntry } from "./drop-entry.ts"
import { dropEntries, dropsChanged, sharesChanged, updateDrop, uploadsOfDrop } from "./drop-list.ts"
import { findShareOf } from "./find-share-of.ts"
import { saveTitle, showShare } from "./saved-share.ts"

const ADD_AGAIN_MS = 5_000

/**
 * Creates the link of a shown drop once the app has answered for every file, or, when it is
 * overdue, for one. Files that get their record later are added. Called after each change.
 */
export function advanceDrop(entry: DropEntry) {
  const { id, state, isShown } = entry.view
  if (state === "linked") void addLateFiles(entry)
  if (state !== "waiting" || !dropEntries.has(id)) return
  const uploads = uploadsOfDrop(entry)
  if (uploads.length === 0) {
    dropEntries.delete(id)
    entry.url.reject(new Error("every file was taken off the list"))
    return dropsChanged()
  }
  if (!isShown || (!entry.isOverdue && uploads.some(isUnanswered))) return
  const fileIds = fileIdsOf(uploads)
  if (fileIds.length > 0) void link(entry, fileIds)
}

/** Whether a file has no answer yet; the link does not wait for one that was refused. */
export const isUnanswered = ({ fileId, state }: Upload) =>
  fileId === null && (state === "queued" || state === "starting" || state === "waiting")

export const fileIdsOf = (uploads: readonly Upload[]) => [
  ...new Set(uploads.flatMap(({ fileId }) => (fileId === null ? [] : [fileId]))),
]

/** Adds files whose record came late, was refused at first, or was created again. */
async function addLateFiles(entry: DropEntry) {
  const { share, id, team } = entry.view
  const late = fileIdsOf(uploadsOfDrop(entry)).filter((fileId) => !entry.heldFileIds.has(fileId))
  if (!share || entry.isAdding || late.length === 0) return
  entry.isAdding = true
  const answer = await answerOf(
    ask("PATCH /shares/{id}", { id: share.id, body: { addFileIds: late } }, { team }),
  )
  if (answer instanceof ApiError && mayPass(answer)) await delay(ADD_AGAIN_MS)
  else for (const fileId of late) entry.heldFileIds.add(fileId)
  entry.isAdding = false
  if (!(answer instanceof ApiError)) {
    markAsShared(late)
    showShare(id, answer)
  } else if (!mayPass(answer)) {
    updateDrop(entry, { leftOutFileIds: [...entry.view.leftOutFileIds, ...late] })
  }
  advanceDrop(entry)
}

/** Whether a later attempt may add the files: those that were cancelled meanwhile are left out. */
const mayPass = ({ status, field }: ApiError) =>
  [0, 401, 429].includes(status) || status >= 500 || (status === 404 && field === "addFileIds")

const delay = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

async function link(entry: DropEntry, fileIds: string[]) {
  updateDrop(entry, { state: "minting" })
  const share = await answerOf(createOrFind(entry, fileIds))
  if (share instanceof ApiError) {
    entry.mayBeShared ||= share.code === "no_answer"
    return updateDrop(entry, { state: "refused", refusal: share })
  }
  showLink(entry, share)
  if (share.url) entry.url.resolve(share.url)
  else entry.url.reject(new Error("the share has no link for anyone"))
  if (entry.view.title !== share.title) void saveTitle(entry.view.id)
  advanceDrop(entry) // the last files may have got their records while the link was created
}

/** Files that had all arrived get a link of their own, beside those that contain them. */
async function createOrFind(entry: DropEntry, fileIds: string[]): Promise<ShareView> {
  const earlier = new Set(uploadsOfDrop(entry).map((upload) => upload.earlier))
  const { title, team } = entry.view
  const mayBeFound = entry.mayBeShared || earlier.has("begun")
  if (mayBeFound || earlier.has("arrived")) {
    const found = await findShareOf(entry.askedFileIds ?? fileIds, team)
    if (found && (mayBeFound || found.arrivingFileCount > 0)) return found
  }
  entry.askedFileIds = fileIds
  const body = { fileIds, ...(title && { title }), ...entry.conditions }
  return ask("POST /shares", { body }, { team })
}

/** Shows a share with all its files as the link of a drop. */
export function showLink(entry: DropEntry, share: ShareView) {
  entry.savedTitle = share.title
  entry.heldFileIds = new Set(share.files.map(({ id }) => id))
  markAsShared(entry.heldFileIds)
  const titled = !entry.view.title && { title: share.title }
  updateDrop(entry, { state: "linked", share, refusal: null, ...titled })
  sharesChanged()
}
