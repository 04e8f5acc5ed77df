import type { ReactNode } from "react"
import { Mark } from "./ui/mark.tsx"

/** One column under the mark, for pages with one thing to say. */
export function CalmPage({ children }: { children: ReactNode }) {
  return (
    <div className="mx-auto max-w-140 px-5.5 pt-5.5 pb-10 md:pt-10">
      <header className="mb-11 md:mb-18">
        <Mark />
      </header>
      <main>{children}</main>
    </div>
  )
}
