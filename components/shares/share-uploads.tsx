"use client"

import { Usage } from "../files/usage.tsx"
import type { UsageView } from "../files/usage-view.ts"
import { DropZone } from "../upload/drop-zone.tsx"
import { UnfinishedUploads } from "../upload/unfinished-uploads.tsx"
import { UploadPanel } from "../upload/upload-panel.tsx"
import { useRefreshWhenStored } from "../upload/use-uploads.ts"
import type { ShareActions, ShareSettings } from "./share-seams.ts"
import { useShareDialogs } from "./use-share-dialogs.tsx"

type ShareUploadsProps = {
  actions: ShareActions
  settings: ShareSettings
  usage: UsageView
  /** Tells the usage also while there is enough left. */
  alwaysUsage?: boolean
}

/** Drop, and have a link. */
export function ShareUploads({ actions, settings, usage, alwaysUsage = false }: ShareUploadsProps) {
  const { dialogs, create, creating } = useShareDialogs(actions, settings)
  useRefreshWhenStored()
  return (
    <>
      <DropZone />
      <Usage usage={usage} onlyLow={!alwaysUsage} />
      <UploadPanel onCreateLink={create} creating={creating} />
      <UnfinishedUploads findShares={actions.findShares} keptHours={settings.uploadIdleHours} />
      {dialogs}
    </>
  )
}
