"use client"

import { onDemand } from "#components/ui/overlays/on-demand.ts"
import { useShownPart } from "#components/ui/overlays/part-loading.tsx"
import { useDrops } from "./drops/use-drops.ts"
import { useUploads } from "./use-uploads.ts"

/** The upload panel is loaded with the first upload; the uploads themselves do not wait for it. */
const panel = onDemand(() => import("./upload-panel.tsx"))

/** Preloads the panel, because files may be chosen or dropped soon. */
export const preloadUploadPanel = panel.load

/** The upload panel of this tab, once there are uploads. */
export function useUploadPanel() {
  const { uploads } = useUploads()
  const { drops } = useDrops()
  return useShownPart(panel, uploads.length > 0 || drops.length > 0)
}
