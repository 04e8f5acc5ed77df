import type { ReactNode } from "react"
import { Ring, type RingState } from "#components/ui/ring/ring.tsx"

export type MessageProps = {
  title: ReactNode
  ring?: RingState
  action?: ReactNode
  children: ReactNode
}

/** A message in place of the content of a page. */
export function Message({ title, ring = "over", action, children }: MessageProps) {
  return (
    <>
      <Ring state={ring} size={76} />
      <h1 className="mt-6.5 text-title md:text-display">{title}</h1>
      <div className="mt-3 max-w-[46ch] text-note">{children}</div>
      {action && <div className="mt-7 flex flex-wrap gap-3">{action}</div>}
    </>
  )
}
