"use client"

import { Check, ChevronDown } from "lucide-react"
import { usePathname } from "next/navigation"
import { useTranslations } from "next-intl"
import { buttonClass } from "#components/ui/button-class.ts"
import { classNames } from "#components/ui/class-names.ts"
import { Menu, MenuLink } from "#components/ui/overlays/menu.tsx"
import { ownerPath } from "#lib/adapters/http/owner-path.ts"
import type { OwnTeam } from "#lib/rooms/accounts/teams/team.ts"
import { useTeam } from "./owner.ts"

export type ShownTeam = Pick<OwnTeam, "slug" | "name">

type OwnerSwitchProps = { name: string; teams: readonly ShownTeam[]; className?: string }

const LISTS = ["/shares", "/files", "/requests"] as const

/** Switches between one's own pages and those of one's teams; nothing for a member without teams. */
export function OwnerSwitch({ name, teams, className }: OwnerSwitchProps) {
  const t = useTranslations("common.nav")
  const shown = useTeam()
  const page = usePathname().slice(shown === null ? 0 : `/t/${shown}`.length)
  if (teams.length === 0) return null
  const list = LISTS.find((each) => page.startsWith(each)) ?? "/shares"
  const owners = [{ slug: null, name }, ...teams]
  const current = owners.find(({ slug }) => slug === shown)?.name ?? name
  return (
    <div className={classNames("needs-script min-w-0", className)}>
      <Menu
        trigger={
          <button
            type="button"
            aria-label={t("ownerNow", { name: current })}
            className={classNames(
              buttonClass({ variant: "quiet", size: "sm" }),
              "w-full min-w-0 justify-between!",
            )}
          >
            <span className="truncate">{current}</span>
            <ChevronDown aria-hidden size={16} className="shrink-0 text-soft" />
          </button>
        }
      >
        {owners.map((owner) => (
          <MenuLink
            key={owner.slug}
            href={ownerPath(owner.slug, list)}
            current={owner.slug === shown}
          >
            <span className="max-w-60 grow truncate">{owner.name}</span>
            {owner.slug === shown && <Check aria-hidden size={16} className="shrink-0" />}
          </MenuLink>
        ))}
      </Menu>
    </div>
  )
}
