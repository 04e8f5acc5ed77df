"use client"

import { useTranslations } from "next-intl"
import { useEffect, useId, useState } from "react"
import { PasskeySignIn } from "#components/accounts/passkeys/passkey-sign-in.tsx"
import { PASSWORD } from "#components/accounts/password-inputs.ts"
import { ProviderButton } from "#components/accounts/provider-button.tsx"
import { ApiError, answerOf } from "#components/calls/api-call.ts"
import { formText, onSubmit } from "#components/calls/on-submit.ts"
import { postForm } from "#components/calls/post-form.ts"
import {
  askSession,
  closeSessionEnded,
  renewSession,
  useSessionEnd,
} from "#components/calls/session-ended.ts"
import { useCall } from "#components/calls/use-call.ts"
import { useRefresh } from "#components/refresh/use-refresh.ts"
import { Button } from "#components/ui/button.tsx"
import { Dialog, DialogClose } from "#components/ui/dialogs/dialog.tsx"
import { useLast } from "#components/ui/dialogs/use-last.ts"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import { Field } from "#components/ui/forms/field.tsx"

type SignInAgainProps = {
  email: string
  /** The name of the provider by which the member can sign in; null for none. */
  provider: string | null
  /** Whether the member can sign in with a password. */
  password: boolean
  /** Whether any member has a passkey. */
  passkeys: boolean
}

/**
 * Asks a member whose session has ended to sign in, in a dialog over the page. Uploads continue.
 */
export function SignInAgain({ email, provider, password, passkeys }: SignInAgainProps) {
  const t = useTranslations("member.signInAgain")
  const accounts = useTranslations("accounts")
  const end = useSessionEnd()
  const isDisabled = useLast(end) === "account_disabled"
  const open = end !== null
  const asksPassword = password && !isDisabled
  const form = useId()
  const refresh = useRefresh()
  const { run, pending, refused, reset } = useCall()
  const [asksCode, setAsksCode] = useState(false)

  useEffect(() => {
    if (!open || provider === null) return
    // Runs when the member returns from the provider's tab.
    const look = async () => {
      if (document.hidden || !(await askSession())) return
      renewSession()
      refresh()
    }
    document.addEventListener("visibilitychange", look)
    return () => document.removeEventListener("visibilitychange", look)
  }, [open, provider, refresh])

  function close() {
    reset()
    closeSessionEnded()
  }

  function signedIn() {
    reset()
    setAsksCode(false)
    renewSession()
    refresh()
  }

  async function signIn(fields: FormData) {
    const code = formText(fields, "code")
    const password = formText(fields, "password") ?? ""
    const answer = await answerOf(
      postForm("/api/auth/callback/credentials", { email, password, ...(code && { code }) }),
    )
    if (!(answer instanceof ApiError)) return signedIn()
    if (answer.field === "code") setAsksCode(true)
    if (answer.code !== "code_required" || asksCode) throw answer
  }

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && close()}
      title={t(isDisabled ? "disabledTitle" : "title")}
      description={t(isDisabled ? "disabledText" : "text")}
      initialFocus={() =>
        document.getElementById(form)?.querySelector<HTMLElement>("[name=password]") ?? null
      }
      footer={
        <>
          <DialogClose>{t(isDisabled ? "close" : "notNow")}</DialogClose>
          {asksPassword && (
            <Button type="submit" form={form} pending={pending}>
              {t("submit")}
            </Button>
          )}
        </>
      }
    >
      {!isDisabled && provider !== null && (
        <ProviderButton
          name={provider}
          href="/auth/oidc"
          variant={password ? "quiet" : "primary"}
          beside
        />
      )}
      {asksPassword && (
        <form
          method="post"
          id={form}
          className={provider === null ? "flex flex-col gap-5" : "mt-5 flex flex-col gap-5"}
          onSubmit={onSubmit((fields) => run(() => signIn(fields)))}
        >
          <Field
            label={accounts("email")}
            name="email"
            type="email"
            autoComplete="username"
            value={email}
            readOnly
          />
          <Field label={accounts("password")} name="password" {...PASSWORD} />
          {asksCode && (
            <Field
              label={accounts("code")}
              hint={accounts("codeHint")}
              name="code"
              autoComplete="one-time-code"
              autoFocus
              required
            />
          )}
          {refused && <ActionError>{refused.message}</ActionError>}
        </form>
      )}
      {open && passkeys && !isDisabled && (
        <div className="mt-4">
          <PasskeySignIn next="/" onSignedIn={signedIn} />
        </div>
      )}
    </Dialog>
  )
}
