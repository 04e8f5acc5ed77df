"use client"

import { createStore, useStore } from "#components/store.ts"
import type { Upload } from "#packages/uploader/upload.ts"

const NONE: ReadonlySet<string> = new Set()

/** The ids of the stored files of this tab whose thumbnails are drawn or sent. */
export const pendingThumbnails = createStore(NONE)

/** Marks a file as pending until the work has ended. */
export async function whilePending(fileId: string, work: () => Promise<void>) {
  pendingThumbnails.set(new Set(pendingThumbnails.current()).add(fileId))
  await work()
  const left = new Set(pendingThumbnails.current())
  left.delete(fileId)
  pendingThumbnails.set(left)
}

/** Whether thumbnails of these uploads are not stored yet. */
export function usePendingThumbnails(uploads: readonly Upload[]): boolean {
  const pending = useStore(pendingThumbnails, NONE)
  return pending.size > 0 && uploads.some(({ fileId }) => fileId !== null && pending.has(fileId))
}
