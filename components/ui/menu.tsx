"use client"

import { Menu as Base } from "@base-ui/react/menu"
import Link from "next/link"
import { type ReactElement, type ReactNode, useState } from "react"
import { classNames } from "./class-names.ts"

const ITEM =
  "flex cursor-default items-center gap-2.5 rounded-lg px-3 py-2 text-sm outline-hidden select-none data-highlighted:bg-wash data-disabled:opacity-50"

type MenuProps = { trigger: ReactElement; children: ReactNode; align?: "start" | "end" }

/** A list of actions behind a button. */
export function Menu({ trigger, children, align = "end" }: MenuProps) {
  // Inside the main landmark, where screen readers expect it; without one, in the body.
  const [place, setPlace] = useState<HTMLElement | null>(null)
  return (
    <Base.Root onOpenChange={(open) => open && setPlace(document.querySelector("main"))}>
      <Base.Trigger render={trigger} />
      <Base.Portal container={place}>
        <Base.Positioner sideOffset={6} align={align} className="z-50 outline-hidden">
          <Base.Popup className="min-w-44 rounded-xl bg-raised p-1 shadow-raised inset-ring inset-ring-line outline-hidden transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0">
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

type MenuItemProps = {
  children: ReactNode
  onClick?: () => void
  icon?: ReactNode
  tone?: "plain" | "danger"
  disabled?: boolean
}

export function MenuItem({ children, icon, tone = "plain", ...rest }: MenuItemProps) {
  return (
    <Base.Item className={classNames(ITEM, tone === "danger" && "text-danger")} {...rest}>
      {icon}
      {children}
    </Base.Item>
  )
}

type MenuLinkProps = { href: string; children: ReactNode; icon?: ReactNode }

export function MenuLink({ href, children, icon }: MenuLinkProps) {
  return (
    <Base.LinkItem className={ITEM} render={<Link href={href} prefetch={false} />}>
      {icon}
      {children}
    </Base.LinkItem>
  )
}

export function MenuSeparator() {
  return <Base.Separator className="mx-2 my-1 h-px bg-line" />
}
