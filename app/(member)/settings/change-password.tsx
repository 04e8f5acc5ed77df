"use client"

import { useTranslations } from "next-intl"
import { useId, useState } from "react"
import { NEW_PASSWORD, PASSWORD } from "#components/accounts/password-inputs.ts"
import { ask } from "#components/calls/ask.ts"
import { formText, onSubmit } from "#components/calls/on-submit.ts"
import { useChange } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"
import { Dialog, DialogClose } from "#components/ui/dialogs/dialog.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"

export function ChangePassword({ email }: { email: string }) {
  const t = useTranslations("accounts.settings")
  const words = useTranslations("accounts")
  const toast = useToast()
  const id = useId()
  const [isOpen, setOpen] = useState(false)
  const { run, pending, refused, errorOf, reset } = useChange()

  function change(open: boolean) {
    reset()
    setOpen(open)
  }

  function save(fields: FormData) {
    const body = {
      currentPassword: formText(fields, "currentPassword") ?? "",
      newPassword: formText(fields, "newPassword") ?? "",
    }
    run(
      () => ask("POST /me/password", { body }),
      () => {
        change(false)
        toast({ tone: "ok", title: t("passwordSaved") })
      },
    )
  }

  return (
    <Dialog
      open={isOpen}
      onOpenChange={change}
      title={t("passwordSubmit")}
      description={t("passwordLead")}
      staysOnPress
      trigger={
        <Button variant="quiet" size="sm">
          {t("passwordSubmit")}
        </Button>
      }
      footer={
        <>
          <DialogClose />
          <Button type="submit" form={id} pending={pending}>
            {t("passwordSubmit")}
          </Button>
        </>
      }
    >
      <form id={id} method="post" className="flex flex-col gap-5" onSubmit={onSubmit(save)}>
        {refused && !refused.field && <Notice tone="danger">{refused.message}</Notice>}
        {/* Names the account for password managers. */}
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <Field
          label={t("currentPassword")}
          name="currentPassword"
          {...PASSWORD}
          error={errorOf("currentPassword")}
        />
        <Field
          label={t("newPassword")}
          hint={words("passwordHint")}
          name="newPassword"
          {...NEW_PASSWORD}
          error={errorOf("newPassword")}
        />
      </form>
    </Dialog>
  )
}
