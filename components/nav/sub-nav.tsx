"use client"

import Link from "next/link"
import { usePathname } from "next/navigation"
import { classNames } from "#components/ui/class-names.ts"
import { useCurrentInSight } from "./use-current-in-sight.ts"

type SubNavProps = { label: string; links: { href: string; text: string; exact?: boolean }[] }

/** The navigation between the pages of one part of the app. */
export function SubNav({ label, links }: SubNavProps) {
  const path = usePathname()
  const row = useCurrentInSight(path)
  return (
    <div className="mb-7 border-b border-line print:hidden">
      <nav ref={row} aria-label={label} className="fade-sides -mx-1 -mb-px flex gap-6 px-1">
        {links.map(({ href, text, exact = false }) => {
          const isCurrent = path === href || (!exact && path.startsWith(`${href}/`))
          return (
            <Link
              key={href}
              href={href}
              prefetch={false}
              aria-current={isCurrent ? "page" : undefined}
              className={classNames(
                "border-b-2 py-2.5 text-[0.9375rem] whitespace-nowrap transition-colors duration-100",
                isCurrent
                  ? "border-accent font-semibold"
                  : "border-transparent text-soft hover:border-edge hover:text-ink",
              )}
            >
              {text}
            </Link>
          )
        })}
      </nav>
    </div>
  )
}
