import type { ReactNode } from "react"

type OverviewSectionProps = { title: ReactNode; children: ReactNode }

export function OverviewSection({ title, children }: OverviewSectionProps) {
  return (
    <section className="min-w-0">
      <h2 className="mb-3 font-semibold">{title}</h2>
      {children}
    </section>
  )
}
