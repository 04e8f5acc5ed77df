"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { ChangeDialog } from "#components/calls/change-dialog.tsx"
import { useToastedChange } from "#components/calls/use-call.ts"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { AdminRequestView } from "#lib/rooms/requests/request.ts"
import { ReasonField } from "../shares/revoke-shares-dialog.tsx"

const UNDO_MS = 8_000

type RevokeRequestProps = { request: AdminRequestView; open: boolean; onClose: () => void }

/** Asks for the reason, and revokes a member's request. */
export function RevokeRequest({ request, open, onClose }: RevokeRequestProps) {
  const t = useTranslations("admin.requests")
  const words = useTranslations("admin.shares")
  const toast = useToast()
  const restore = useRestoreAsAdmin()
  const [reason, setReason] = useState("")
  const { id, title, status } = request
  return (
    <ChangeDialog
      keepAs={`revoke ${id}`}
      open={open}
      onClose={onClose}
      title={t("revokeTitle", { title })}
      description={t("revokeText")}
      confirmLabel={words("revoke")}
      call={() => ask("POST /admin/shares/revoke", { body: { ids: [id], reason } })}
      onDone={() =>
        toast({
          title: t("revoked"),
          timeout: UNDO_MS,
          ...(status !== "revoked" && {
            action: { label: words("undo"), onClick: () => restore(id) },
          }),
        })
      }
      fields={["reason"]}
    >
      {(errorOf) => <ReasonField onChange={setReason} error={errorOf("reason")} />}
    </ChangeDialog>
  )
}

/** Returns a function that restores a member's request. */
export function useRestoreAsAdmin() {
  const t = useTranslations("admin.shares")
  const toast = useToast()
  const { run } = useToastedChange()
  return (id: string) =>
    run(
      () => ask("POST /admin/shares/restore", { body: { ids: [id] } }),
      () => toast({ title: t("restored"), tone: "ok" }),
    )
}
