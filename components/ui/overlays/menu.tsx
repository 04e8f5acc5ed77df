"use client"

import type { LucideIcon } from "lucide-react"
import Link from "next/link"
import { cloneElement, createContext, type ReactNode, useContext, useState } from "react"
import type { ButtonElement } from "#components/ui/button.tsx"
import { classNames } from "#components/ui/class-names.ts"
import { preloadDialogs } from "#components/ui/dialogs/dialog-parts.tsx"
import { type OnDemand, onDemand } from "#components/ui/parts/on-demand.ts"
import { useShownPart } from "#components/ui/parts/part-loading.tsx"

/** Menus are loaded before or when the first one opens. */
const menus = onDemand(() => import("./menu-view.tsx"))

const Parts = createContext<typeof import("./menu-view.tsx") | null>(null)

const ITEM =
  "flex cursor-default items-center gap-2.5 rounded-lg px-3 py-2 text-sm outline-hidden select-none data-highlighted:bg-selected data-disabled:opacity-50"

export type MenuProps = {
  trigger: ButtonElement
  /** The part with its items, where that is loaded with the menu. */
  needs?: OnDemand<unknown> | undefined
  children: ReactNode
}

/** A list of actions behind a button. */
export function Menu({ trigger, needs = menus, children }: MenuProps) {
  const [pressedBy, setPressedBy] = useState<"pointer" | "keyboard" | null>(null)
  const giveUp = () => setPressedBy(null)
  const { part, loading } = useShownPart(menus, pressedBy !== null, giveUp)
  const items = useShownPart(needs, part !== null && pressedBy !== null, giveUp)
  function load() {
    menus.load()
    needs.load()
  }
  if (part && items.part && pressedBy) {
    return (
      <Parts value={part}>
        <part.MenuView trigger={trigger} pressedBy={pressedBy}>
          {children}
        </part.MenuView>
      </Parts>
    )
  }
  return (
    <>
      {cloneElement(trigger, {
        "aria-haspopup": "menu",
        "aria-expanded": false,
        onPointerEnter: load,
        onFocus: load,
        onClick: ({ detail }) => {
          preloadDialogs() // most items open a dialog
          setPressedBy(detail === 0 ? "keyboard" : "pointer")
        },
        onKeyDown: (event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return
          event.preventDefault()
          setPressedBy("keyboard")
        },
      })}
      {loading || items.loading}
    </>
  )
}

type MenuItemProps = {
  children: ReactNode
  onClick?: () => void
  icon?: LucideIcon
  tone?: "plain" | "danger"
  disabled?: boolean
}

export function MenuItem({ children, icon: Icon, tone = "plain", ...rest }: MenuItemProps) {
  const parts = useContext(Parts)
  return (
    parts && (
      <parts.Item className={classNames(ITEM, tone === "danger" && "text-danger")} {...rest}>
        {Icon && <Icon aria-hidden size={16} />}
        {children}
      </parts.Item>
    )
  )
}

type MenuLinkProps = {
  href: string
  children: ReactNode
  icon?: LucideIcon
  /** Whether it leads to the page that is shown. */
  current?: boolean
}

export function MenuLink({ href, children, icon: Icon, current = false }: MenuLinkProps) {
  const parts = useContext(Parts)
  return (
    parts && (
      <parts.LinkItem
        className={ITEM}
        closeOnClick
        aria-current={current ? "true" : undefined}
        render={<Link href={href} prefetch={false} />}
      >
        {Icon && <Icon aria-hidden size={16} />}
        {children}
      </parts.LinkItem>
    )
  )
}

export function MenuSeparator() {
  const parts = useContext(Parts)
  return parts && <parts.Separator className="mx-2 my-1 h-px bg-line" />
}
