"use client"

import { useSyncExternalStore } from "react"
import { totalUploads } from "#packages/uploader/upload.ts"
import type { Uploads } from "#packages/uploader/uploader.ts"
import { tabUploader } from "./tab-uploader.ts"

const NONE: Uploads = { uploads: [], unfinished: [], totals: totalUploads([], null) }

/** The uploads of this tab, as they are now. */
export function useUploads(): Uploads {
  return useSyncExternalStore(
    (listener) => tabUploader().subscribe(listener),
    () => tabUploader().snapshot(),
    () => NONE,
  )
}
