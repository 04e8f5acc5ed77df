"use client"

import { EllipsisVertical } from "lucide-react"
import type { ReactNode } from "react"
import { Menu, type MenuProps } from "./menu.tsx"

type RowMenuProps = Pick<MenuProps, "needs"> & { label: string; children: ReactNode }

/** The menu of a row in a list, opened by a button with three dots. */
export function RowMenu({ label, needs, children }: RowMenuProps) {
  return (
    <Menu
      needs={needs}
      trigger={
        <button
          type="button"
          aria-label={label}
          className="grid size-11 place-items-center rounded-lg text-soft hover:bg-selected hover:text-ink lg:-me-2 lg:size-9"
        >
          <EllipsisVertical aria-hidden size={18} />
        </button>
      }
    >
      {children}
    </Menu>
  )
}
