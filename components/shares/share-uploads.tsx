"use client"

import { DropZone } from "../upload/drop-zone.tsx"
import { UploadPanel } from "../upload/upload-panel.tsx"
import type { ShareActions, ShareSettings } from "./share-seams.ts"
import { useShareDialogs } from "./use-share-dialogs.tsx"

/** Drop, and have a link. */
export function ShareUploads({
  actions,
  settings,
}: {
  actions: ShareActions
  settings: ShareSettings
}) {
  const { dialogs, create, creating } = useShareDialogs(actions, settings)
  return (
    <>
      <DropZone />
      <UploadPanel onCreateLink={create} creating={creating} />
      {dialogs}
    </>
  )
}
