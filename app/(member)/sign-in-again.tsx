"use client"

import { useTranslations } from "next-intl"
import { useId } from "react"
import { closeSessionEnded, renewSession, useSessionEnded } from "#components/session-ended.ts"
import { ActionError } from "#components/ui/action-error.tsx"
import { Button } from "#components/ui/button.tsx"
import { Dialog, DialogClose } from "#components/ui/dialog.tsx"
import { Field } from "#components/ui/field.tsx"
import { useRefresh } from "#components/upload/use-refresh.ts"
import { useAct } from "#components/use-act.ts"
import { signInAgain } from "../sign-in/actions.ts"

/** Asks a member whose session has ended to sign in over the page. What was under way goes on. */
export function SignInAgain({ email }: { email: string }) {
  const t = useTranslations("member.signInAgain")
  const accounts = useTranslations("accounts")
  const open = useSessionEnded()
  const form = useId()
  const refresh = useRefresh()
  const { act, pending, refused, reset } = useAct(signInAgain)

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
        id={form}
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          act(new FormData(event.currentTarget), () => {
            reset()
            renewSession()
            refresh()
          })
        }}
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
