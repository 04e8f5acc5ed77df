import { ArrowLeft } from "lucide-react"
import Link from "next/link"
import type { ReactNode } from "react"
import { classNames } from "#components/ui/class-names.ts"

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

type BackLinkProps = { href: string; text: string; className?: string }

/** A link to the page or list above, in the space over the title. */
export function BackLink({ href, text, className = "-mt-2 mb-2 md:-mt-7 md:mb-0" }: BackLinkProps) {
  return (
    <Link
      href={href}
      prefetch={false}
      className={classNames(
        "flex w-fit items-center gap-1.5 rounded-md py-1 text-sm text-soft hover:text-ink",
        className,
      )}
    >
      <ArrowLeft aria-hidden size={16} className="rtl:-scale-x-100" />
      {text}
    </Link>
  )
}

/** The head of a page about one thing: a link to its list, its title and its actions. */
export function DetailHead({ back, sign, title, line, actions, children }: DetailHeadProps) {
  return (
    <>
      {back && <BackLink {...back} />}
      <header className="mb-6 flex flex-wrap items-start gap-x-6 gap-y-4">
        <div className="flex min-w-0 grow basis-64 items-center gap-5 max-sm:items-start max-sm:gap-4">
          {sign}
          <div className="min-w-0">
            <h1 id="title" tabIndex={-1} className="text-title wrap-anywhere outline-hidden">
              <bdi>{title}</bdi>
            </h1>
            {line && <p className="mt-1 text-soft wrap-anywhere">{line}</p>}
            {children}
          </div>
        </div>
        {actions}
      </header>
    </>
  )
}
