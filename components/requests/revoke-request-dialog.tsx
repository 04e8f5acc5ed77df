"use client"

import { useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import { ChangeDialog } from "#components/calls/change-dialog.tsx"
import { useToastedChange } from "#components/calls/use-call.ts"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { RequestView } from "#lib/rooms/requests/request.ts"

const UNDO_MS = 8_000

type RevokeRequestDialogProps = { request: RequestView; open: boolean; onClose: () => void }

/** Revokes a request, and offers to undo that. */
export function RevokeRequestDialog({ request, open, onClose }: RevokeRequestDialogProps) {
  const t = useTranslations("member.requests.revoke")
  const toast = useToast()
  const restore = useRestoreRequest()
  const { id, title, arrivingFileCount: arriving } = request
  return (
    <ChangeDialog
      open={open}
      onClose={onClose}
      title={t("title", { title })}
      description={t("text", { arriving })}
      confirmLabel={t("confirm")}
      call={() => ask("POST /requests/{id}/revoke", { id })}
      onDone={() =>
        toast({
          title: t("done"),
          timeout: UNDO_MS,
          action: { label: t("undo"), onClick: () => restore(id) },
        })
      }
    />
  )
}

/** Returns a function that restores a request and reports the result. */
export function useRestoreRequest() {
  const t = useTranslations("member.requests")
  const toast = useToast()
  const { run } = useToastedChange()
  return (id: string) =>
    run(
      () => ask("POST /requests/{id}/restore", { id }),
      ({ status }) => toast({ title: t(`restored.${status}`), tone: "ok" }),
    )
}
