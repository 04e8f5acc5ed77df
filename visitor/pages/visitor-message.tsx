import type { ReactNode } from "react"
import { Ring, type RingState } from "#components/ui/ring/ring.tsx"
import { VisitorFrame } from "./visitor-frame.tsx"

type VisitorMessageProps = {
  /** The state of the link, if the message is about its time. */
  ring?: RingState
  title: ReactNode
  children?: ReactNode
}

/** A page with one message: a heading and some sentences. */
export function VisitorMessage({ ring, title, children }: VisitorMessageProps) {
  return (
    <VisitorFrame>
      {ring && <Ring state={ring} size={76} className="mb-6.5" />}
      <h1 className="text-title hyphens-auto wrap-anywhere md:text-display">{title}</h1>
      {children}
    </VisitorFrame>
  )
}

export function Sentence({ children }: { children: ReactNode }) {
  return <p className="mt-3 max-w-[46ch] text-note wrap-anywhere">{children}</p>
}
