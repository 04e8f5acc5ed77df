"use client"

import { Files, Inbox, Link2, ShieldCheck, UserRound, Users } from "lucide-react"
import Link from "next/link"
import { usePathname } from "next/navigation"
import { PageMark } from "#components/branding/brand.tsx"
import { classNames } from "#components/ui/class-names.ts"
import { useOwnerPath, useTeam } from "./owner.ts"

const ICONS = {
  shares: Link2,
  files: Files,
  requests: Inbox,
  admin: ShieldCheck,
  team: Users,
  account: UserRound,
}

type Path = `/${string}`

type NavLinkProps = {
  href: Path
  /**
   * `owner`: the page of the owner whose pages are shown. `team`: likewise, only for a team.
   * `person`: the member's, which on a phone gives way to the team's.
   */
  of?: "owner" | "team" | "person"
  icon: keyof typeof ICONS
  text: string
  shortText?: string
}

/** The link to the shares of the owner whose pages are shown. */
export function HomeLink() {
  const at = useOwnerPath()
  return (
    <Link href={at("/shares")} className="inline-flex max-w-full rounded-md" prefetch={false}>
      <PageMark />
    </Link>
  )
}

/** A link of the main navigation, highlighted while its page is shown. */
export function NavLink({ of, href: page, icon, text, shortText }: NavLinkProps) {
  const path = usePathname()
  const team = useTeam()
  const at = useOwnerPath()
  if (of === "team" && team === null) return null
  const href = of === "owner" || of === "team" ? at(page) : page
  const isCurrent = path === href || path.startsWith(`${href}/`)
  const Icon = ICONS[icon]
  return (
    <Link
      href={href}
      prefetch={false}
      aria-current={isCurrent ? "page" : undefined}
      className={classNames(
        "flex items-center gap-2.5 transition-colors duration-100",
        of === "person" && team !== null && "max-md:hidden",
        "max-md:min-w-0 max-md:flex-col max-md:gap-1 max-md:px-1.5 max-md:py-2.5 max-md:text-xs md:rounded-lg md:px-2.5 md:py-2 md:text-[0.9375rem]",
        isCurrent
          ? "font-semibold text-ink max-md:text-accent md:bg-selected"
          : "text-soft hover:text-ink md:hover:bg-selected",
      )}
    >
      <Icon aria-hidden size={20} strokeWidth={1.75} className="md:size-4.5" />
      {shortText === undefined ? (
        text
      ) : (
        <>
          <span className="md:hidden">{shortText}</span>
          <span className="max-md:hidden">{text}</span>
        </>
      )}
    </Link>
  )
}
