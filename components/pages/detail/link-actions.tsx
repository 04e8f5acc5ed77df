"use client"

import { RefreshCw } from "lucide-react"
import { useTranslations } from "next-intl"
import { type ReactNode, useId } from "react"
import { Button } from "#components/ui/button.tsx"
import { buttonClass } from "#components/ui/button-class.ts"
import { MenuItem } from "#components/ui/overlays/menu.tsx"
import { RowMenu } from "#components/ui/overlays/row-menu.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"

type LinkActionsProps = {
  /** The share or request that the page is about. */
  of: Pick<ShareView, "status" | "revokedBy" | "url">
  /** Its name, and the words for opening its link. */
  name: string
  visit: string
  /** Loads the dialogs, before one is opened. */
  preload: () => void
  onNewLink: () => void
  onRevoke: () => void
  onRestore: () => void
  /** The effect of a restoration, or why the owner cannot restore it. */
  restoreText: string
  /** Further items of the menu. */
  children?: ReactNode
}

/** Opens, revokes or restores a share or request; the menu has what is seldom needed. */
export function LinkActions(props: LinkActionsProps) {
  const { of, name, visit, preload, onNewLink, onRevoke, onRestore, restoreText, children } = props
  const t = useTranslations("member.share")
  const words = useTranslations("member.shares")
  const hint = useId()
  const revoked = of.status === "revoked"
  const loads = { onPointerEnter: preload, onFocus: preload }
  return (
    <div className="flex flex-col gap-2 sm:items-end">
      <div className="flex flex-wrap items-center gap-2.5">
        {!revoked && of.url && (
          <a
            href={of.url}
            target="_blank"
            rel="noopener"
            className={buttonClass({ variant: "quiet", size: "sm" })}
          >
            {visit}
          </a>
        )}
        {revoked ? (
          <Button
            variant="quiet"
            size="sm"
            disabled={of.revokedBy?.admin ?? false}
            aria-describedby={hint}
            onClick={onRestore}
          >
            {t("restore")}
          </Button>
        ) : (
          <Button variant="quiet" size="sm" className="text-danger!" {...loads} onClick={onRevoke}>
            {t("revoke")}
          </Button>
        )}
        {(!revoked || children) && (
          <RowMenu label={words("menuOf", { name })}>
            {!revoked && (
              <MenuItem icon={RefreshCw} onClick={onNewLink}>
                {t("newLink")}
              </MenuItem>
            )}
            {children}
          </RowMenu>
        )}
      </div>
      {revoked && (
        <p id={hint} className="max-w-[38ch] text-sm text-soft sm:text-end">
          {restoreText}
        </p>
      )}
    </div>
  )
}

type EditButtonProps = Pick<LinkActionsProps, "preload"> & { onEdit: () => void }

/** Edits the settings of a share or request, beside their heading. */
export function EditButton({ preload, onEdit }: EditButtonProps) {
  const t = useTranslations("member.share")
  return (
    <Button variant="text" size="sm" onPointerEnter={preload} onFocus={preload} onClick={onEdit}>
      {t("edit")}
    </Button>
  )
}
