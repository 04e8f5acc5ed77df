"use client"

import { useTranslations } from "next-intl"
import { useId } from "react"
import { formText, onSubmit } from "#components/calls/on-submit.ts"
import { postForm } from "#components/calls/post-form.ts"
import {
  closeSessionEnded,
  renewSession,
  useSessionEnded,
} from "#components/calls/session-ended.ts"
import { useCall } from "#components/calls/use-call.ts"
import { useRefresh } from "#components/refresh/use-refresh.ts"
import { Button } from "#components/ui/button.tsx"
import { Dialog, DialogClose } from "#components/ui/dialogs/dialog.tsx"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import { Field } from "#components/ui/forms/field.tsx"

/**
 * Asks a member whose session has ended to sign in, in a dialog over the page. Uploads continue.
 */
export function SignInAgain({ email }: { email: string }) {
  const t = useTranslations("member.signInAgain")
  const accounts = useTranslations("accounts")
  const open = useSessionEnded()
  const form = useId()
  const refresh = useRefresh()
  const { run, pending, refused, reset } = useCall()

  function close() {
    reset()
    closeSessionEnded()
  }

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && close()}
      title={t("title")}
      description={t("text")}
      initialFocus={() =>
        document.getElementById(form)?.querySelector<HTMLElement>("[name=password]") ?? null
      }
      footer={
        <>
          <DialogClose render={<Button variant="quiet">{t("notNow")}</Button>} />
          <Button type="submit" form={form} pending={pending}>
            {t("submit")}
          </Button>
        </>
      }
    >
      <form
        method="post"
        id={form}
        className="flex flex-col gap-5"
        onSubmit={onSubmit((fields) =>
          run(
            () =>
              postForm("/auth/sign-in", { email, password: formText(fields, "password") ?? "" }),
            () => {
              reset()
              renewSession()
              refresh()
            },
          ),
        )}
      >
        <Field
          label={accounts("email")}
          name="email"
          type="email"
          autoComplete="username"
          value={email}
          readOnly
        />
        <Field
          label={accounts("password")}
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
        {refused && <ActionError>{refused.message}</ActionError>}
      </form>
    </Dialog>
  )
}
