"use client"

import { useTranslations } from "next-intl"
import { useEffect, useEffectEvent, useId, useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { answerConfirm } from "#components/calls/confirming.ts"
import { formText, onSubmit } from "#components/calls/on-submit.ts"
import { type Refused, refusedBy } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"
import { Dialog, DialogClose } from "#components/ui/dialogs/dialog.tsx"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import type { ConfirmMeans } from "#lib/rooms/accounts/confirm/confirmation.ts"
import { askPasskey, hasPasskeySupport } from "../passkeys/ask-passkey.ts"

type How = "passkey" | "code" | "password"

/** Asks the member to confirm their identity in a way of the account; waiting calls continue. */
export function ConfirmDialog({ open }: { open: boolean }) {
  const t = useTranslations("accounts.confirm")
  const form = useId()
  const { busy, refused, attempt, reset } = useAttempt()
  const [means, setMeans] = useState<ConfirmMeans | null>(null)
  const [chosen, setChosen] = useState<How | null>(null)
  const hows = means ? howsOf(means) : []
  const how = chosen ?? hows[0] ?? null

  function settle(found: ConfirmMeans) {
    if (found.confirmed) answerConfirm(true)
    setMeans(found)
  }

  const find = useEffectEvent(
    () => void attempt(async () => settle(await ask("GET /me/confirm", {}))),
  )
  useEffect(() => {
    if (!open) return
    setChosen(null)
    find()
  }, [open])
  useProviderWindow(open && means?.provider != null, settle)

  function confirm(fields: FormData) {
    const text = how && formText(fields, how)
    void attempt(async () => {
      if (how === "code") await ask("POST /me/confirm", { body: { code: text ?? "" } })
      else if (how === "password") await ask("POST /me/confirm", { body: { password: text ?? "" } })
      else {
        const passkey = await askPasskey(await ask("POST /me/confirm/options", {}))
        if (!passkey) return
        await ask("POST /me/confirm", { body: { passkey } })
      }
      answerConfirm(true)
    })
  }

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && answerConfirm(false)}
      title={t("title")}
      description={t("text")}
      footer={
        <>
          <DialogClose>{t("notNow")}</DialogClose>
          {how && (
            <Button type="submit" form={form} pending={busy}>
              {t(how === "passkey" ? "usePasskey" : "submit")}
            </Button>
          )}
        </>
      }
    >
      <form
        method="post"
        id={form}
        className="flex flex-col items-start gap-4"
        onSubmit={onSubmit(confirm)}
      >
        {!means && busy && <p role="status">{t("finding")}</p>}
        {means?.passkey && hows.length === 0 && !means.provider && <p>{t("noWay")}</p>}
        {how === "passkey" && <p className="text-soft">{t("passkeyText")}</p>}
        {(how === "code" || how === "password") && (
          <Field
            key={how}
            label={t(how)}
            hint={how === "code" && t("codeHint")}
            name={how}
            type={how === "password" ? "password" : "text"}
            autoComplete={how === "password" ? "current-password" : "one-time-code"}
            required
            autoFocus
            error={refused?.field === how && refused.message}
            className="w-full"
          />
        )}
        {refused && refused.field !== how && <ActionError>{refused.message}</ActionError>}
        <div className="-ms-3 flex flex-wrap gap-y-1">
          {hows
            .filter((one) => one !== how)
            .map((one) => (
              <Button
                key={one}
                variant="text"
                size="sm"
                onClick={() => {
                  reset()
                  setChosen(one)
                }}
              >
                {t(`instead.${one}`)}
              </Button>
            ))}
          {means?.provider && <ProviderButton {...means.provider} />}
        </div>
      </form>
    </Dialog>
  )
}

/** Runs a call and keeps its state. Not by useCall, which waits for this dialog and would stop. */
function useAttempt() {
  const t = useTranslations("common")
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const reset = () => setRefused(null)

  async function attempt(work: () => Promise<void>) {
    setBusy(true)
    reset()
    try {
      await work()
    } catch (error) {
      setRefused(refusedBy(error, t("noAnswer")))
    } finally {
      setBusy(false)
    }
  }

  return { busy, refused, attempt, reset }
}

const howsOf = ({ passkey, code, password }: ConfirmMeans): How[] => [
  ...(passkey && hasPasskeySupport() ? (["passkey"] as const) : []),
  ...(code ? (["code"] as const) : []),
  ...(password ? (["password"] as const) : []),
]

/** Opens a provider's sign-in in a separate window, so that nothing on the page is lost. */
function ProviderButton({ name, path }: { name: string; path: string }) {
  const t = useTranslations("accounts.confirm")
  return (
    <Button variant="text" size="sm" onClick={() => window.open(path, "_blank", "popup")}>
      {t("provider", { name })}
    </Button>
  )
}

const ASK_MS = 2_000

/** Asks from time to time whether the member has confirmed in a provider's window. */
function useProviderWindow(waits: boolean, onFound: (means: ConfirmMeans) => void) {
  const found = useEffectEvent(onFound)
  useEffect(() => {
    if (!waits) return
    const timer = setInterval(async () => {
      const means = await ask("GET /me/confirm", {}).catch(() => null)
      if (means?.confirmed) found(means)
    }, ASK_MS)
    return () => clearInterval(timer)
  }, [waits])
}
