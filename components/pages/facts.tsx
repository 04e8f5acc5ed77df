import type { ReactNode } from "react"

/** Names and values in two columns, each a Fact. */
export const Facts = ({ children }: { children: ReactNode }) => (
  <dl className="grid max-w-180 grid-cols-[max-content_minmax(0,1fr)] gap-x-8 gap-y-3">
    {children}
  </dl>
)

type FactProps = { name: ReactNode; children: ReactNode }

export function Fact({ name, children }: FactProps) {
  return (
    <>
      <dt className="text-soft">{name}</dt>
      <dd className="wrap-anywhere">{children}</dd>
    </>
  )
}

/** A name and its value between lines. */
export const LinedFact = (fact: FactProps) => (
  <div className="grid grid-cols-[8rem_minmax(0,1fr)] gap-3 break-inside-avoid border-b border-line py-1.75">
    <Fact {...fact} />
  </div>
)
