import type { ReactNode } from "react"
import { Mark } from "./ui/mark.tsx"

type CalmPageProps = {
  title: ReactNode
  children?: ReactNode
  /** Above the title: a ring, mostly. */
  sign?: ReactNode
  action?: ReactNode
  /** Where the mark leads; nowhere for visitors, who have no home here. */
  home?: string
}

/** One column with one thing to say. */
export function CalmPage({ title, children, sign, action, home }: CalmPageProps) {
  return (
    <div className="mx-auto max-w-140 px-5.5 pt-5.5 pb-10 md:pt-10">
      <header className="mb-11 md:mb-18">
        <Mark {...(home !== undefined && { href: home })} />
      </header>
      <main>
        {sign && <div className="mb-6.5">{sign}</div>}
        <h1 className="text-title md:text-display">{title}</h1>
        {children && <div className="mt-3 max-w-[46ch] text-note">{children}</div>}
        {action && <div className="mt-7 flex flex-wrap gap-3">{action}</div>}
      </main>
    </div>
  )
}
