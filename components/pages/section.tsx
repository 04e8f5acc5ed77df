import type { ReactNode } from "react"
import { classNames } from "#components/ui/class-names.ts"

type SectionProps = { id?: string; title?: string; lead?: ReactNode; children?: ReactNode }

/** A part of a page below a line, with its heading if it has one. */
export function Section({ id, title, lead, children }: SectionProps) {
  return (
    <section id={id} className="mt-9 scroll-mt-6 border-t border-line pt-7">
      {title && <h2 className="text-lg">{title}</h2>}
      {lead && <p className="mt-1.5 text-soft">{lead}</p>}
      {children && <div className="not-first:mt-5">{children}</div>}
    </section>
  )
}

type PartProps = {
  id: string
  title: ReactNode
  /** An action beside the heading. */
  aside?: ReactNode
  className?: string
  children: ReactNode
}

/** A part of a page about one thing, named by its heading. */
export function Part({ id, title, aside, className, children }: PartProps) {
  return (
    <section aria-labelledby={id} className={className}>
      <div
        className={classNames(
          "flex items-center justify-between gap-4",
          aside ? "min-h-11" : "mb-2.5",
        )}
      >
        <h2 id={id} className="text-note">
          {title}
        </h2>
        {aside && <div className="-me-3.25">{aside}</div>}
      </div>
      {children}
    </section>
  )
}

/** A group of fields on a page of settings. */
export function FormSection({ children, ...section }: SectionProps) {
  return (
    <Section {...section}>
      {children && <div className="flex flex-col items-start gap-6">{children}</div>}
    </Section>
  )
}
