"use client"

import { Siren } from "lucide-react"
import Link from "next/link"
import { usePathname } from "next/navigation"
import { classNames } from "#components/ui/class-names.ts"
import { useCurrentInSight } from "./use-current-in-sight.ts"

export type SubNavLink = {
  href: string
  text: string
  exact?: boolean
  /** Whether its pages have tabs of their own, which take the place of this row on a phone. */
  hasTabs?: boolean
  /** Whether it begins a group of links, or is an emergency, which stands at the end. */
  place?: "group" | "emergency"
}

const LOOKS = {
  usual: {
    current: "border-accent",
    other: "border-transparent text-soft hover:border-edge hover:text-ink",
  },
  emergency: { current: "border-danger", other: "border-transparent hover:border-danger" },
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
        "tab-row tab-rule mb-8 gap-5 md:-mt-2.5 print:hidden",
        givesWay && "max-md:hidden",
      )}
    >
      {links.map((link) => {
        const { href, text, place } = link
        const isCurrent = isAt(link)
        const isEmergency = place === "emergency"
        return (
          <Link
            key={href}
            href={href}
            prefetch={false}
            aria-current={isCurrent ? "page" : undefined}
            className={classNames(
              "flex items-center gap-1.5 border-b-2 py-2.5 text-[0.9375rem] whitespace-nowrap transition-colors duration-100",
              place === "group" && "ms-3.5",
              isEmergency && "ms-3.5 text-danger md:ms-auto",
              isCurrent && "font-semibold",
              LOOKS[isEmergency ? "emergency" : "usual"][isCurrent ? "current" : "other"],
            )}
          >
            {isEmergency && <Siren aria-hidden size={16} strokeWidth={1.75} />}
            <span data-text={text} className="bold-width">
              {text}
            </span>
          </Link>
        )
      })}
    </nav>
  )
}
