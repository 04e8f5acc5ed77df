"use client"

import { answerConfirm, useConfirmAsked } from "#components/calls/confirming.ts"
import { onDemand } from "#components/ui/parts/on-demand.ts"
import { useShownPart } from "#components/ui/parts/part-loading.tsx"

const dialog = onDemand(() => import("./confirm-dialog.tsx"))

/** The dialog of calls that need a confirmation, on every page of members. */
export function ConfirmHost() {
  const asked = useConfirmAsked()
  const { part, loading } = useShownPart(dialog, asked, () => answerConfirm(false))
  return part ? <part.ConfirmDialog open={asked} /> : loading
}
