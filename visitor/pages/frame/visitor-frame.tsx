import type { ReactNode } from "react"
import { BrandFoot } from "./brand-foot.tsx"
import { BrandMark } from "./brand-mark.tsx"
import { LanguageSwitch } from "./language-switch.tsx"

type VisitorFrameProps = {
  children: ReactNode
  foot?: ReactNode
  /** The search of the page's file list. */
  q?: string | undefined
}

/** The frame of visitors' pages: one column under the logo, without navigation. */
export function VisitorFrame({ children, foot, q }: VisitorFrameProps) {
  return (
    <div className="mx-auto max-w-140 px-5.5 pt-5.5 pb-10 md:pt-10">
      <header className="mb-11 md:mb-18 print:mb-8">
        <BrandMark />
      </header>
      <main>{children}</main>
      <footer className="mt-8.5 space-y-4 text-xs text-soft">
        {foot && <p>{foot}</p>}
        <BrandFoot />
        <LanguageSwitch q={q} />
      </footer>
    </div>
  )
}
