"use client"

import { Menu as Base } from "@base-ui/react/menu"
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react"
import type { ButtonElement } from "#components/ui/button.tsx"

type MenuViewProps = {
  trigger: ButtonElement
  children: ReactNode
  /** How the member pressed the button that this one replaces. */
  pressedBy: "pointer" | "keyboard"
}

/** An open menu with its button. Rendered once the button was first pressed. */
export function MenuView({ trigger, children, pressedBy }: MenuViewProps) {
  // In the main landmark, where screen readers expect it; if there is none, in the body.
  const [place, setPlace] = useState(() => document.querySelector("main"))
  const button = useRef<HTMLButtonElement>(null)
  // Before the menu takes the focus: a dialog that opens while the menu closes returns it here.
  useLayoutEffect(() => button.current?.focus(), [])
  useEffect(() => {
    // If a key opened the menu, its first item is focused.
    if (pressedBy === "keyboard") button.current?.click()
  }, [pressedBy])
  return (
    <Base.Root
      defaultOpen={pressedBy === "pointer"}
      onOpenChange={(open) => open && setPlace(document.querySelector("main"))}
    >
      <Base.Trigger ref={button} render={trigger} />
      <Base.Portal container={place}>
        <Base.Positioner sideOffset={6} align="end" className="z-50 outline-hidden">
          <Base.Popup className="min-w-44 rounded-xl bg-raised p-1 shadow-raised inset-ring inset-ring-line outline-hidden transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0">
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

export const { Item, LinkItem, Separator } = Base
