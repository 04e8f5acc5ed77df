"use client"

import { useState } from "react"
import { onDemand } from "#components/ui/overlays/on-demand.ts"
import { useShownPart } from "#components/ui/overlays/part-loading.tsx"

/** The windows of dialogs are loaded when the first is opened, or is about to be. */
const windows = onDemand(() => import("./dialog-views.tsx"))

/** A hint that a dialog may be opened soon. */
export const preloadDialogs = windows.load

/**
 * The windows, once the dialog was opened and they are loaded; until then what is seen of an open
 * one.
 */
export function useDialogViews(open: boolean, close: () => void) {
  const [used, setUsed] = useState(open)
  if (open && !used) setUsed(true)
  const { part, loading } = useShownPart(windows, open, close)
  return { views: used ? part : null, loading }
}
