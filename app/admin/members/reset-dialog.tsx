"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { useCall } from "#components/calls/use-call.ts"
import { LocalTime } from "#components/time/local-time.tsx"
import { Button } from "#components/ui/button.tsx"
import { Dialog, DialogClose } from "#components/ui/dialogs/dialog.tsx"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import { Switch } from "#components/ui/forms/checkbox.tsx"
import { CopyField } from "#components/ui/forms/copy-field.tsx"
import type { PasswordResetView } from "#lib/rooms/accounts/passwords/password-reset.ts"

type ResetDialogProps = {
  member: { id: string; name: string; email: string }
  /** Whether this installation can send mail. */
  mail: boolean
  open: boolean
  onClose: () => void
}

/** Creates a one-time link that sets a new password, mails it if wanted, and shows it once. */
export function ResetDialog({ member, mail, open, onClose }: ResetDialogProps) {
  const { id, name, email } = member
  const t = useTranslations("admin.members")
  const { run, pending, refused, reset } = useCall()
  const [made, setMade] = useState<PasswordResetView | null>(null)
  const [mails, setMails] = useState(mail)

  function onOpenChange(next: boolean) {
    if (next) return
    reset()
    setMade(null)
    setMails(mail)
    onClose()
  }

  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={made ? t(mails ? "resetMailed" : "resetDone", { name }) : t("resetTitle", { name })}
      {...(!made && { description: t("resetText", { name }) })}
      footer={
        made ? (
          <DialogClose variant="primary">{t("resetClose")}</DialogClose>
        ) : (
          <Button
            disabled={pending}
            onClick={() =>
              run(
                () => ask("POST /admin/users/{id}/reset-password", { id, body: { mail: mails } }),
                setMade,
              )
            }
          >
            {t(mails ? "resetSend" : "resetConfirm")}
          </Button>
        )
      }
    >
      {made ? (
        <>
          {mails && <p className="mb-5">{t("resetMailedText", { email })}</p>}
          <CopyField label={t("resetLink")} value={made.url} />
          <p className="mt-3 text-sm text-soft">
            {t.rich("resetUntil", { until: () => <LocalTime at={made.expiresAt} /> })}
          </p>
        </>
      ) : (
        <>
          {mail ? (
            <Switch
              label={t("resetMail", { email })}
              hint={t("inviteMailHint")}
              checked={mails}
              disabled={pending}
              onChange={(event) => setMails(event.currentTarget.checked)}
            />
          ) : (
            <p className="text-sm text-soft">{t("resetNoMail")}</p>
          )}
          {refused && <ActionError className="mt-4">{refused.message}</ActionError>}
        </>
      )}
    </Dialog>
  )
}
