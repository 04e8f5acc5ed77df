"use client"

import { Progress as Base } from "@base-ui/react/progress"

/** A thin bar from 0 to 1; null while the progress is unknown. */
export function Progress({ fraction, label }: { fraction: number | null; label: string }) {
  return (
    <Base.Root
      value={fraction === null ? null : Math.round(fraction * 100)}
      aria-label={label}
      className="block"
    >
      <Base.Track className="block h-1 overflow-hidden rounded-full bg-line">
        <Base.Indicator className="block h-full bg-accent data-indeterminate:w-1/3 data-indeterminate:animate-pulse" />
      </Base.Track>
    </Base.Root>
  )
}
