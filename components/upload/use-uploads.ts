"use client"

import { useStore } from "#components/store.ts"
import { NO_UPLOADS, type UploadsSnapshot } from "#packages/uploader/uploads-snapshot.ts"
import { tabUploader } from "./tab-uploader.ts"

/** Returns the current uploads of this tab. */
export const useUploads = (): UploadsSnapshot => useStore(uploads, NO_UPLOADS)

const uploads = {
  subscribe: (listener: () => void) => tabUploader().subscribe(listener),
  current: () => tabUploader().snapshot(),
}
