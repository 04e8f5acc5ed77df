"use client"

import { useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import { ChangeButton } from "#components/calls/change-button.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"

type UndoLinkProps = { share: ShareView; onUndone: () => void }

/** Undoes the creation of a share: its link is revoked, and its files stay. */
export function UndoLink({ share, onUndone }: UndoLinkProps) {
  const t = useTranslations("member.drop")
  const words = useTranslations("member.dialog")
  const toast = useToast()
  return (
    <div className="mt-2.5 flex flex-wrap items-center gap-x-3 gap-y-2">
      <ChangeButton
        variant="quiet"
        size="sm"
        call={() => ask("POST /shares/{id}/revoke", { id: share.id })}
        onDone={() => {
          onUndone()
          toast({ title: t("undone"), description: words("filesStay") })
        }}
      >
        {t("undo")}
      </ChangeButton>
      <p className="text-sm text-soft">{words("undoText")}</p>
    </div>
  )
}
