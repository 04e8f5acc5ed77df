"use client"

import { useState } from "react"
import { onDemand } from "#components/ui/parts/on-demand.ts"
import { useShownPart } from "#components/ui/parts/part-loading.tsx"

/** Dialog windows are loaded before or when the first dialog opens. */
const windows = onDemand(() => import("./dialog-views.tsx"))

/** Preloads the windows, because a dialog may open soon. */
export const preloadDialogs = windows.load

/** The windows, once a dialog was opened and they are loaded; until then their loading state. */
export function useDialogViews(open: boolean, close: () => void) {
  const [used, setUsed] = useState(open)
  if (open && !used) setUsed(true)
  const { part, loading } = useShownPart(windows, open, close)
  return { views: used ? part : null, loading }
}
