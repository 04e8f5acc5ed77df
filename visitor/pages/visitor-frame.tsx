import type { ReactNode } from "react"
import { Mark } from "#components/ui/mark.tsx"

/** One column under the logo, without navigation: a visitor has no other page. */
export function VisitorFrame({ children, foot }: { children: ReactNode; foot?: ReactNode }) {
  return (
    <div className="mx-auto max-w-140 px-5.5 pt-5.5 pb-10 md:pt-10">
      <header className="mb-11 md:mb-18 print:mb-8">
        <Mark />
      </header>
      <main>{children}</main>
      {foot && <footer className="mt-8.5 text-xs text-soft">{foot}</footer>}
    </div>
  )
}
