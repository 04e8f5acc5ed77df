import "client-only"
import { ApiError, answerOf } from "#components/calls/api-call.ts"
import { ask } from "#components/calls/ask.ts"
import { onSessionRenewed } from "#components/calls/session-ended.ts"
import { shownTeam } from "#components/nav/owner.ts"
import type { Conditions } from "#components/shares/conditions/conditions-of-form.ts"
import { copyLater } from "#components/ui/forms/copy-text.ts"
import { tabUploader } from "#components/upload/tab-uploader.ts"
import type { Upload, UploadSource } from "#packages/uploader/upload.ts"
import { addContinued, advanceContinued } from "./continue-drops.ts"
import { folderOf } from "./drop.ts"
import { type DropEntry, newDropEntry } from "./drop-entry.ts"
import { dropEntries, dropsChanged, sharesChanged, updateDrop, uploadsOfDrop } from "./drop-list.ts"
import { advanceDrop } from "./link-drop.ts"
import { saveTitle } from "./saved-share.ts"

/** How long the link waits for the records of all files; later records are added to it. */
const LINK_WITHIN_MS = 500
/** After this time the member may have copied something else. */
const COPY_WITHIN_MS = 60_000

/** The owners whose uploads are followed: the slugs of teams, and null for the member. */
const watched = new Set<string | null>()

/**
 * Uploads files for the owner whose page is shown, and creates their link as soon as the app has
 * records and its card is shown.
 */
export function addDrop(sources: readonly UploadSource[]) {
  if (sources.length === 0) return
  const team = shownTeam()
  begin(newDropEntry(tabUploader(team).add(sources), { title: folderOf(sources), team }))
}

/** Creates the link of files that are already in the list of uploads. */
export function linkUploads(uploads: readonly Upload[]) {
  if (uploads.length === 0) return
  const ids = new Set(uploads.map(({ id }) => id))
  for (const entry of dropEntries.values()) {
    const { uploadIds } = entry.view
    if (uploadIds.some((id) => ids.has(id)))
      updateDrop(entry, { uploadIds: uploadIds.filter((id) => !ids.has(id)) })
  }
  begin(newDropEntry([...ids], { title: folderOf(uploads), team: shownTeam() }))
}

/** Shows uploads that continue unfinished ones with the links that contain their files. */
export function showLinksOf(uploadIds: readonly string[]) {
  const team = shownTeam()
  watchUploads(team)
  addContinued(uploadIds, team)
}

function begin(entry: DropEntry) {
  watchUploads(entry.view.team)
  dropEntries.set(entry.view.id, entry)
  dropsChanged()
  // Must run during the drop or the click event.
  void copyLater(entry.url.promise).then((copied) => {
    if (copied || entry.view.share) updateDrop(entry, { copied })
  })
  setTimeout(() => entry.url.reject(new Error("the link came too late")), COPY_WITHIN_MS)
  setTimeout(() => {
    entry.isOverdue = true
    advanceDrop(entry)
  }, LINK_WITHIN_MS)
}

/** The card of a drop is on the page, so that its link may be created. */
export function dropShown(id: string) {
  const entry = dropEntries.get(id)
  if (!entry) return
  updateDrop(entry, { isShown: true })
  advanceDrop(entry)
}

/** Retries creating a link, with the conditions that the member has set meanwhile. */
export function retryDrop(id: string, conditions: Conditions = {}) {
  const entry = dropEntries.get(id)
  if (entry?.view.state !== "refused") return
  Object.assign(entry.conditions, conditions)
  // The refusal stays until there is an answer, and with it the input typed into its form.
  updateDrop(entry, { state: "waiting" })
  advanceDrop(entry)
}

/** Revokes the link and cancels unfinished uploads. Resolves with true once that is done. */
export async function undoDrop(id: string): Promise<boolean> {
  const entry = dropEntries.get(id)
  const { share, state, uploadIds, team = null } = entry?.view ?? {}
  if (!entry || !share || state !== "linked") return false
  const uploader = tabUploader(team)
  updateDrop(entry, { state: "ending", problem: null })
  const moving = uploadsOfDrop(entry).flatMap(({ id, state }) => (state === "paused" ? [] : [id]))
  uploader.pause(moving)
  const answer = await answerOf(ask("POST /shares/{id}/revoke", { id: share.id }, { team }))
  if (answer instanceof ApiError) {
    uploader.resume(moving)
    updateDrop(entry, { state: "linked", problem: { about: "undo", message: answer.message } })
    return false
  }
  uploader.cancel(uploadIds ?? [])
  dropEntries.delete(id)
  sharesChanged()
  return true
}

/** Removes a drop from the list, with its stored uploads. */
export function dismissDrop(id: string) {
  const entry = dropEntries.get(id)
  if (!entry) return
  void saveTitle(id)
  dropEntries.delete(id)
  tabUploader(entry.view.team).removeStored(entry.view.uploadIds)
  dropsChanged()
}

/** Retries all drops that were refused because the session had ended. */
function retrySignedOut() {
  for (const { view } of Array.from(dropEntries.values())) {
    if (view.refusal?.status === 401) retryDrop(view.id)
    if (view.problem?.about === "title") void saveTitle(view.id)
  }
}

/** Removes all drops, because another member uses the tab. */
export function clearDrops() {
  for (const { titleTimer } of dropEntries.values()) clearTimeout(titleTimer)
  dropEntries.clear()
  dropsChanged()
}

function watchUploads(team: string | null) {
  if (watched.has(team)) return
  watched.add(team)
  tabUploader(team).subscribe(() => {
    advanceContinued(team)
    for (const entry of Array.from(dropEntries.values()))
      if (entry.view.team === team) advanceDrop(entry)
  })
  if (watched.size > 1) return
  onSessionRenewed(retrySignedOut)
  window.addEventListener("pagehide", () => {
    for (const id of dropEntries.keys()) void saveTitle(id, { keepalive: true })
  })
}
