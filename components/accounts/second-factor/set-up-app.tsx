"use client"

import { useTranslations } from "next-intl"
import { useEffect, useEffectEvent, useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { formText, onSubmit } from "#components/calls/on-submit.ts"
import { useCall } from "#components/calls/use-call.ts"
import { QrCode } from "#components/shares/qr-code.tsx"
import { Button } from "#components/ui/button.tsx"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import type { SecretView } from "#lib/rooms/accounts/second-factor/second-factor.ts"
import { RecoveryCodeList } from "./recovery-code-list.tsx"

type SetUpAppProps = {
  /** Called when the codes are on and the recovery codes were shown. */
  onDone: () => void
  doneLabel: string
}

/** Sets up an authenticator app: QR code, its first code, then the recovery codes, once. */
export function SetUpApp({ onDone, doneLabel }: SetUpAppProps) {
  const t = useTranslations("accounts.secondFactor")
  const offering = useCall()
  const setting = useCall()
  const [offered, setOffered] = useState<SecretView | null>(null)
  const [codes, setCodes] = useState<string[] | null>(null)
  const { refused } = setting

  const offer = useEffectEvent(() =>
    offering.run(() => ask("POST /me/second-factor/secret", {}), setOffered),
  )
  useEffect(() => offer(), [])

  if (codes) {
    return (
      <div className="flex w-full flex-col items-start gap-5">
        <p className="font-medium">{t("isOn")}</p>
        <RecoveryCodeList codes={codes} />
        <Button onClick={onDone}>{doneLabel}</Button>
      </div>
    )
  }
  if (!offered) {
    return offering.refused ? (
      <div className="flex flex-col items-start gap-4">
        <ActionError>{offering.refused.message}</ActionError>
        <Button variant="quiet" onClick={offer}>
          {t("again")}
        </Button>
      </div>
    ) : (
      <p role="status">{t("preparing")}</p>
    )
  }

  const set = (fields: FormData) =>
    setting.run(
      () =>
        ask("POST /me/second-factor", {
          body: { secret: offered.secret, code: formText(fields, "code") ?? "" },
        }),
      ({ recoveryCodes }) => setCodes(recoveryCodes),
    )

  return (
    <form method="post" className="flex w-full flex-col items-start gap-5" onSubmit={onSubmit(set)}>
      <p>{t("scan")}</p>
      <QrCode text={offered.url} label={t("qrLabel")} size={208} />
      <div>
        <a href={offered.url} className="text-sm text-accent hover:text-accent-hover">
          {t("open")}
        </a>
        <dl className="mt-3">
          <dt className="text-sm font-medium">{t("secret")}</dt>
          <dd className="mt-1 font-mono text-[0.9375rem] wrap-anywhere select-all">
            {offered.secret.match(/.{4}/g)?.join(" ")}
          </dd>
        </dl>
      </div>
      <Field
        label={t("code")}
        hint={t("codeHint")}
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        required
        error={setting.errorOf("code")}
        className="w-full max-w-110"
      />
      {refused && refused.field !== "code" && <ActionError>{refused.message}</ActionError>}
      <Button type="submit" pending={setting.pending}>
        {t("turnOn")}
      </Button>
    </form>
  )
}
