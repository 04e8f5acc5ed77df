import type { ReactNode } from "react"
import { classNames } from "#components/ui/class-names.ts"

type NumbersLineProps = {
  label: string
  /** The counters, each with what it is compared with, such as a limit. */
  numbers: { name: string; value: ReactNode; more?: ReactNode }[]
  className?: string
  children?: ReactNode
}

/** Counters with their names in one line, which breaks between them on a narrow page. */
export const NumbersLine = ({ label, numbers, className, children }: NumbersLineProps) => (
  <section aria-label={label} className={classNames("min-w-0", className)}>
    <dl className="flex flex-wrap gap-x-5 gap-y-1 text-sm text-soft">
      {numbers.map(({ name, value, more }) => (
        <div key={name} className="flex flex-wrap gap-x-1.5">
          <dt>{name}</dt>
          <dd>
            <span className="font-semibold text-ink">{value}</span> {more}
          </dd>
        </div>
      ))}
    </dl>
    {children}
  </section>
)
