import type { ReactNode } from "react"
import type { Layout } from "#visitor/pages/open/layout.ts"
import { BrandFoot } from "./brand-foot.tsx"
import { BrandMark } from "./brand-mark.tsx"
import { LanguageSwitch } from "./language-switch.tsx"

type VisitorFrameProps = {
  children: ReactNode
  foot?: ReactNode
  /** The search of the page's file list. */
  q?: string | undefined
  /** The layout of an open link; other pages are one narrow column. */
  layout?: Layout
}

/** The frame of visitors' pages, without navigation: the logo, the content and the footer. */
export function VisitorFrame({ children, foot, q, layout }: VisitorFrameProps) {
  return (
    <div className="page" data-layout={layout}>
      <header>
        <BrandMark />
      </header>
      <main>{children}</main>
      <footer>
        {foot && <p>{foot}</p>}
        <BrandFoot />
        <LanguageSwitch q={q} />
      </footer>
    </div>
  )
}
