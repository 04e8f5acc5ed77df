"use client"

import Link from "next/link"
import { usePathname } from "next/navigation"
import { classNames } from "#components/ui/class-names.ts"
import { useCurrentInSight } from "./use-current-in-sight.ts"

type SubNavLink = {
  href: string
  text: string
  exact?: boolean
  /** Whether its pages have tabs of their own, which take the place of this row on a phone. */
  hasTabs?: boolean
}

type SubNavProps = { label: string; links: SubNavLink[] }

/** The navigation between the pages of one part of the app. */
export function SubNav({ label, links }: SubNavProps) {
  const path = usePathname()
  const row = useCurrentInSight(path)
  const isAt = ({ href, exact = false }: SubNavLink) =>
    path === href || (!exact && path.startsWith(`${href}/`))
  const givesWay = links.some((link) => link.hasTabs && isAt(link))
  return (
    <nav
      ref={row}
      aria-label={label}
      className={classNames(
        "tab-row tab-rule mb-8 gap-6 md:-mt-2.5 print:hidden",
        givesWay && "max-md:hidden",
      )}
    >
      {links.map((link) => {
        const { href, text } = link
        const isCurrent = isAt(link)
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
  )
}
