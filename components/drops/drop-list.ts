import "client-only"
import { tabUploader } from "#components/upload/tab-uploader.ts"
import type { Upload } from "#packages/uploader/upload.ts"
import type { Drop, DropsSnapshot } from "./drop.ts"
import type { DropEntry } from "./drop-entry.ts"

/** The drops of this tab by their ids, the latest last. After a change call `dropsChanged`. */
export const dropEntries = new Map<string, DropEntry>()

const listeners = new Set<() => void>()
let snapshot: DropsSnapshot = { drops: [], changes: 0 }

export const dropsSnapshot = () => snapshot

export function subscribeToDrops(listener: () => void) {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export function dropsChanged() {
  const drops = Array.from(dropEntries.values(), ({ view }) => view).reverse()
  snapshot = { ...snapshot, drops }
  for (const listener of listeners) listener()
}

/** Announces that a list of shares has changed, so that the page refreshes it. */
export function sharesChanged() {
  snapshot = { ...snapshot, changes: snapshot.changes + 1 }
  dropsChanged()
}

export function updateDrop(entry: DropEntry, patch: Partial<Drop>) {
  entry.view = { ...entry.view, ...patch }
  dropsChanged()
}

/** The uploads of a drop that are still in the list of uploads. */
export function uploadsOfDrop({ view }: DropEntry): Upload[] {
  const ids = new Set(view.uploadIds)
  return tabUploader()
    .snapshot()
    .uploads.filter(({ id }) => ids.has(id))
}
