import type { ReactNode } from "react"
import { PageMark } from "#components/branding/brand.tsx"
import { Messages } from "#components/messages.tsx"
import { classNames } from "#components/ui/class-names.ts"
import type { MessageArea } from "#lib/web/intl-request-config.ts"

type EntryPageProps = {
  title: ReactNode
  lead?: ReactNode
  children: ReactNode
  foot?: ReactNode
  /** The messages that the page's client components need. */
  areas?: MessageArea[]
  /** Whether it has room for a line of code. */
  wide?: boolean
}

/** The frame of the pages before sign-in: sign-in, setup, invitation. */
export function EntryPage({
  title,
  lead,
  children,
  foot,
  areas = ["common"],
  wide = false,
}: EntryPageProps) {
  return (
    <Messages areas={areas}>
      <div
        className={classNames(
          "mx-auto flex min-h-dvh flex-col px-5.5 pt-5.5 pb-10 md:pt-10",
          wide ? "max-w-164" : "max-w-104",
        )}
      >
        <header className="mb-11 md:mb-[12vh]">
          <PageMark />
        </header>
        <main className="grow">
          <h1 className="text-title">{title}</h1>
          {lead && <p className="mt-2.5 text-soft">{lead}</p>}
          <div className="mt-7">{children}</div>
        </main>
        {foot && <footer className="mt-10 text-xs text-soft">{foot}</footer>}
      </div>
    </Messages>
  )
}
