"use client"

import { createContext, type ReactNode, useContext, useState } from "react"
import type { ShownTeam } from "#components/nav/owner-switch.tsx"
import { onDemand } from "#components/ui/parts/on-demand.ts"
import { useShownPart } from "#components/ui/parts/part-loading.tsx"
import type { OwnersThings } from "./owner-change-dialog.tsx"

/** The dialog is loaded when it is first opened. */
const dialogs = onDemand(() => import("./owner-change-dialog.tsx"))

type Change = (things: OwnersThings, onDone?: () => void) => void

const ChangeContext = createContext<Change | null>(null)

/**
 * Returns the function that asks who owns shares, requests or files from now on; null for a member
 * without teams.
 */
export const useOwnerChange = () => useContext(ChangeContext)

type OwnerChangeProps = { name: string; teams: readonly ShownTeam[]; children: ReactNode }

/** Has the dialog that changes an owner. Used once, around a member's pages. */
export function OwnerChange({ name, teams, children }: OwnerChangeProps) {
  const [asked, setAsked] = useState<{ things: OwnersThings; onDone?: () => void } | null>(null)
  const [open, setOpen] = useState(false)
  const { part, loading } = useShownPart(dialogs, open, () => setOpen(false))
  const change: Change = (things, onDone) => {
    setAsked({ things, ...(onDone && { onDone }) })
    setOpen(true)
  }
  return (
    <ChangeContext value={teams.length > 0 ? change : null}>
      {children}
      {part && asked ? (
        <part.OwnerChangeDialog
          {...asked}
          owners={[{ slug: null, name }, ...teams]}
          open={open}
          onClose={() => setOpen(false)}
        />
      ) : (
        loading
      )}
    </ChangeContext>
  )
}
