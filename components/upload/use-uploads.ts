"use client"

import { useMemo } from "react"
import { useTeam } from "#components/nav/owner.ts"
import { useStore } from "#components/store.ts"
import { NO_UPLOADS, type UploadsSnapshot } from "#packages/uploader/uploads-snapshot.ts"
import { tabUploader } from "./tab-uploader.ts"

/** Returns the current uploads of this tab for an owner: the member, or the team with this slug. */
export function useUploadsOf(team: string | null): UploadsSnapshot {
  const uploads = useMemo(
    () => ({
      subscribe: (listener: () => void) => tabUploader(team).subscribe(listener),
      current: () => tabUploader(team).snapshot(),
    }),
    [team],
  )
  return useStore(uploads, NO_UPLOADS)
}

/** Returns those for the owner whose page is shown. */
export const useUploads = (): UploadsSnapshot => useUploadsOf(useTeam())
