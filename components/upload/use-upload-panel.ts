"use client"

import { onDemand } from "#components/ui/overlays/on-demand.ts"
import { useShownPart } from "#components/ui/overlays/part-loading.tsx"
import { useDrops } from "./drops/use-drops.ts"
import { useUploads } from "./use-uploads.ts"

/** What shows uploads and links is loaded with the first; the uploads themselves do not wait. */
const panel = onDemand(() => import("./upload-panel.tsx"))

/** A hint that files will be chosen or dropped soon. */
export const preloadUploadPanel = panel.load

/** The panel of the uploads of this tab, once there are some. */
export function useUploadPanel() {
  const { uploads } = useUploads()
  const { drops } = useDrops()
  return useShownPart(panel, uploads.length > 0 || drops.length > 0)
}
