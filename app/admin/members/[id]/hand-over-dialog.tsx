"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { api } from "#components/api.ts"
import { useChange } from "#components/calls/use-call.ts"
import { AlertDialog } from "#components/ui/dialogs/alert-dialog.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { MemberView } from "#lib/accounts/member.ts"
import { OwnerSelect } from "../owner-select.tsx"

type HandOverDialogProps = {
  member: Pick<MemberView, "id" | "name" | "disabled">
  open: boolean
  onClose: () => void
}

/** Transfers all files and shares to another member and disables the account. */
export function HandOverDialog({ member, open, onClose }: HandOverDialogProps) {
  const t = useTranslations("admin.members")
  const toast = useToast()
  const { run, pending, refused, reset } = useChange()
  const [owner, setOwner] = useState("")
  const { id, name, disabled } = member

  function close() {
    reset()
    setOwner("")
    onClose()
  }

  function confirm() {
    const transferTo = owner || undefined
    run(
      () => api.admin.users.change(id, { disabled: true, links: "transfer", transferTo }),
      ({ links }) => {
        close()
        const { shares = 0, files = 0 } = links ?? {}
        toast({ tone: "ok", title: t("linksDone.transfer", { shares, files }) })
      },
    )
  }

  const ofOwner = refused?.field === "transferTo" ? refused.message : undefined
  return (
    <AlertDialog
      open={open}
      onOpenChange={(next) => !next && close()}
      title={t("handOverTitle", { name })}
      description={t(disabled ? "handOverText" : "handOverActiveText", { name })}
      confirmLabel={t("handOverConfirm")}
      onConfirm={confirm}
      pending={pending}
    >
      <OwnerSelect from={id} value={owner} onChange={setOwner} error={ofOwner} />
      {refused && !ofOwner && (
        <p role="alert" className="mt-3 text-sm text-danger">
          {refused.message}
        </p>
      )}
    </AlertDialog>
  )
}
