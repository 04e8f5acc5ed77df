"use client"

import { useSyncExternalStore } from "react"
import { NO_UPLOADS, type UploadsSnapshot } from "#packages/uploader/uploads-snapshot.ts"
import { tabUploader } from "./tab-uploader.ts"

/** The current uploads of this tab. */
export function useUploads(): UploadsSnapshot {
  return useSyncExternalStore(
    (listener) => tabUploader().subscribe(listener),
    () => tabUploader().snapshot(),
    () => NO_UPLOADS,
  )
}
