"use client"

import { createContext, type ReactNode, useContext, useState } from "react"
import { Button } from "#components/ui/button.tsx"
import { RowMenu } from "#components/ui/overlays/row-menu.tsx"
import { onDemand, useOnDemand } from "#components/ui/parts/on-demand.ts"
import { useShownPart } from "#components/ui/parts/part-loading.tsx"
import type { LinkView } from "#lib/rooms/shares/links/link.ts"
import type { Asked, ListOf } from "./recipient-dialogs.tsx"

/** Loaded with the first menu or dialog of a recipient. */
const views = onDemand(() => import("./recipient-dialogs.tsx"))

const Acting = createContext<{ of: ListOf; ask: (asked: Asked) => void } | null>(null)

/** Holds the dialogs about the recipients in a list. */
export function RecipientActs({ of, children }: { of: ListOf; children: ReactNode }) {
  const [asked, setAsked] = useState<Asked | null>(null)
  const [open, setOpen] = useState(false)
  const { part, loading } = useShownPart(views, open, () => setOpen(false))

  function ask(next: Asked) {
    setAsked(next)
    setOpen(true)
  }

  return (
    <Acting value={{ of, ask }}>
      {children}
      {asked && part ? (
        <part.RecipientDialogs of={of} asked={asked} open={open} onClose={() => setOpen(false)} />
      ) : (
        loading
      )}
    </Acting>
  )
}

type RecipientMenuProps = { link: LinkView; label: string; now: string }

/** The actions on a recipient's link. */
export function RecipientMenu({ link, label, now }: RecipientMenuProps) {
  const acting = useContext(Acting)
  const { part } = useOnDemand(views, false)
  return (
    <RowMenu label={label} needs={views}>
      {acting && part && <part.RecipientItems {...acting} link={link} now={now} />}
    </RowMenu>
  )
}

type EditRecipientProps = { link: LinkView; label: string; children: ReactNode }

/** Edits a recipient, beside what has to be mended. */
export function EditRecipient({ link, label, children }: EditRecipientProps) {
  const acting = useContext(Acting)
  return (
    <Button
      variant="text"
      size="sm"
      aria-label={label}
      className="-my-2 -ms-2 px-2!"
      onPointerEnter={views.load}
      onFocus={views.load}
      onClick={() => acting?.ask({ what: "edit", link })}
    >
      {children}
    </Button>
  )
}
