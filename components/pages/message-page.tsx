import type { ReactNode } from "react"
import { Mark } from "#components/ui/ring/mark.tsx"

type MessagePageProps = {
  /** The title; omitted where the children contain a heading. */
  title?: ReactNode
  /** Content above the title, usually a ring. */
  sign?: ReactNode
  action?: ReactNode
  children: ReactNode
}

/** A page with one message: a column below the logo. */
export function MessagePage({ title, sign, action, children }: MessagePageProps) {
  return (
    <div className="mx-auto max-w-140 px-5.5 pt-5.5 pb-10 md:pt-10">
      <header className="mb-11 md:mb-18">
        <Mark />
      </header>
      <main>
        {sign}
        {title === undefined ? (
          children
        ) : (
          <>
            <h1 className="mt-6.5 text-title md:text-display">{title}</h1>
            <div className="mt-3 max-w-[46ch] text-note">{children}</div>
          </>
        )}
        {action && <div className="mt-7 flex flex-wrap gap-3">{action}</div>}
      </main>
    </div>
  )
}
