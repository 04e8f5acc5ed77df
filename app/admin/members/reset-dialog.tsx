"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { api } from "#components/api.ts"
import { useCall } from "#components/calls/use-call.ts"
import { LocalTime } from "#components/time/local-time.tsx"
import { Button } from "#components/ui/button.tsx"
import { Dialog, DialogClose } from "#components/ui/dialogs/dialog.tsx"
import { CopyField } from "#components/ui/forms/copy-field.tsx"
import type { PasswordResetView } from "#lib/accounts/passwords/password-reset.ts"

type ResetDialogProps = {
  member: { id: string; name: string }
  open: boolean
  onClose: () => void
}

/** Creates a one-time link that sets a new password, and shows it once. */
export function ResetDialog({ member: { id, name }, open, onClose }: ResetDialogProps) {
  const t = useTranslations("admin.members")
  const { run, pending, refused, reset } = useCall()
  const [made, setMade] = useState<PasswordResetView | null>(null)

  function onOpenChange(next: boolean) {
    if (next) return
    reset()
    setMade(null)
    onClose()
  }

  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={made ? t("resetDone", { name }) : t("resetTitle", { name })}
      {...(!made && { description: t("resetText", { name }) })}
      footer={
        made ? (
          <DialogClose render={<Button>{t("resetClose")}</Button>} />
        ) : (
          <Button
            disabled={pending}
            onClick={() => run(() => api.admin.users.resetPassword(id), setMade)}
          >
            {t("resetConfirm")}
          </Button>
        )
      }
    >
      {made ? (
        <>
          <CopyField label={t("resetLink")} value={made.url} />
          <p className="mt-3 text-sm text-soft">
            {t.rich("resetUntil", { until: () => <LocalTime at={made.expiresAt} /> })}
          </p>
        </>
      ) : (
        refused && (
          <p role="alert" className="text-sm text-danger">
            {refused.message}
          </p>
        )
      )}
    </Dialog>
  )
}
