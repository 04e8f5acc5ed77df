import type { ReactNode } from "react"

/** Names and values between lines, each a LinedFact, in two columns where there is room. */
export const Facts = ({ children }: { children: ReactNode }) => (
  <dl className="gap-x-11 border-t border-line text-[0.9375rem] lg:columns-2">{children}</dl>
)

type FactProps = { name: ReactNode; children: ReactNode }

/** A name and its value between lines. */
export const LinedFact = ({ name, children }: FactProps) => (
  <div className="grid grid-cols-[8rem_minmax(0,1fr)] gap-3 break-inside-avoid border-b border-line py-1.75">
    <dt className="text-soft">{name}</dt>
    <dd className="wrap-anywhere">{children}</dd>
  </div>
)
