import { ArrowLeft } from "lucide-react"
import Link from "next/link"
import type { ReactNode } from "react"

type DetailHeadProps = {
  /** The list that the page belongs to. */
  back?: { href: string; text: string }
  /** A sign before the title. */
  sign?: ReactNode
  title: ReactNode
  /** The line below the title. */
  line?: ReactNode
  actions?: ReactNode
  /** Content below the line. */
  children?: ReactNode
}

/** The head of a page about one thing: a link to its list, its title and its actions. */
export function DetailHead({ back, sign, title, line, actions, children }: DetailHeadProps) {
  return (
    <>
      {back && (
        <Link
          href={back.href}
          prefetch={false}
          className="mb-4 inline-flex items-center gap-1.5 rounded-md py-1 text-sm text-soft hover:text-ink"
        >
          <ArrowLeft aria-hidden size={16} className="rtl:-scale-x-100" />
          {back.text}
        </Link>
      )}
      <header className="mb-6 flex flex-wrap items-center gap-x-6 gap-y-4">
        <div className="flex min-w-0 grow basis-64 items-center gap-5 max-sm:items-start max-sm:gap-4">
          {sign}
          <div className="min-w-0">
            <h1 className="text-title wrap-anywhere">{title}</h1>
            {line && <p className="mt-1 text-soft wrap-anywhere">{line}</p>}
            {children}
          </div>
        </div>
        {actions}
      </header>
    </>
  )
}
