import "client-only"
import { createStore } from "#components/store.ts"
import { tabUploader } from "#components/upload/tab-uploader.ts"
import type { Upload } from "#packages/uploader/upload.ts"
import type { Drop, DropsSnapshot } from "./drop.ts"
import type { DropEntry } from "./drop-entry.ts"

/** The drops of this tab by their ids, the latest last. After a change call `dropsChanged`. */
export const dropEntries = new Map<string, DropEntry>()

export const NO_DROPS: DropsSnapshot = { drops: [], changes: 0 }
export const dropsStore = createStore(NO_DROPS)

export function dropsChanged(changes = dropsStore.current().changes) {
  const drops = Array.from(dropEntries.values(), ({ view }) => view).reverse()
  dropsStore.set({ drops, changes })
}

/** Announces that a list of shares has changed, so that the page refreshes it. */
export const sharesChanged = () => dropsChanged(dropsStore.current().changes + 1)

export function updateDrop(entry: DropEntry, patch: Partial<Drop>) {
  entry.view = { ...entry.view, ...patch }
  dropsChanged()
}

/** The uploads of a drop that are still in the list of uploads. */
export function uploadsOfDrop({ view }: DropEntry): Upload[] {
  const ids = new Set(view.uploadIds)
  return tabUploader(view.team)
    .snapshot()
    .uploads.filter(({ id }) => ids.has(id))
}
