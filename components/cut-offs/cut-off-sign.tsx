import { Check, TriangleAlert } from "lucide-react"
import { Ring } from "#components/ui/ring/ring.tsx"
import type { CutOffView } from "#lib/rooms/cut-offs/cut-off.ts"
import { resultOf } from "./cut-off-text.ts"

/** The diameter of the ring in pixels. */
const SIZE = 56

type CutOffSignProps = {
  cutOff: CutOffView
  /** Whether the cut off finished while the page was open. */
  isNew: boolean
}

/**
 * A closed ring for a finished cut off, with a check mark if its probe was refused. The ring of a
 * new one snaps shut. A URL that still works is a warning instead.
 */
export function CutOffSign({ cutOff, isNew }: CutOffSignProps) {
  const result = resultOf(cutOff)
  if (result === "alive")
    return <TriangleAlert aria-hidden size={28} className="m-1.5 shrink-0 text-danger" />
  const isProven = result === "after" || result === "both"
  return (
    <div
      aria-hidden
      data-proven={isProven || undefined}
      data-snaps={isNew || undefined}
      className="cut-off-sign"
    >
      <Ring size={SIZE} />
      {isProven && <Check size={24} strokeWidth={3} />}
    </div>
  )
}
