"use client"

import { useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import { useChange } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { ShareView } from "#lib/shares/share.ts"

type UndoLinkProps = { share: ShareView; onUndone: () => void }

/** Undoes the creation of a share: its link is revoked, and its files stay. */
export function UndoLink({ share, onUndone }: UndoLinkProps) {
  const t = useTranslations("member.drop")
  const words = useTranslations("member.dialog")
  const toast = useToast()
  const { run, pending, refused } = useChange()
  const undo = () =>
    run(
      () => ask("POST /shares/{id}/revoke", { id: share.id }),
      () => {
        onUndone()
        toast({ title: t("undone"), description: words("filesStay") })
      },
    )
  return (
    <>
      <div className="mt-2.5 flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button variant="quiet" size="sm" pending={pending} onClick={undo}>
          {t("undo")}
        </Button>
        <p className="text-sm text-soft">{words("undoText")}</p>
      </div>
      {refused && <ActionError className="mt-2.5">{refused.message}</ActionError>}
    </>
  )
}
