"use client"

import { Usage, type UsageView } from "#components/files/usage.tsx"
import { DropZone } from "#components/upload/drop-zone.tsx"
import { UploadPanel } from "#components/upload/upload-panel.tsx"
import { useRefreshWhenStored } from "#components/upload/use-uploads.ts"
import type { ShareSettings } from "#lib/web/share-settings.ts"
import { UnfinishedUploads } from "./unfinished-uploads.tsx"
import { useShareDialogs } from "./use-share-dialogs.tsx"

type ShareUploadsProps = {
  settings: ShareSettings
  usage: UsageView
  /** The server's time. */
  now: string
  /** Shows the usage also while there is enough left. */
  alwaysUsage?: boolean
}

/** Uploads files, and creates a link of them. */
export function ShareUploads({ settings, usage, now, alwaysUsage = false }: ShareUploadsProps) {
  const { element, create, creating } = useShareDialogs(settings, now)
  useRefreshWhenStored()
  return (
    <>
      <DropZone />
      <Usage usage={usage} onlyLow={!alwaysUsage} />
      <UploadPanel onCreateLink={create} creating={creating} />
      <UnfinishedUploads keptHours={settings.uploadIdleHours} now={now} />
      {element}
    </>
  )
}
