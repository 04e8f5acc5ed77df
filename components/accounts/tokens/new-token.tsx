"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { onSubmit } from "#components/calls/on-submit.ts"
import { useChange } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"
import { Dialog, DialogClose } from "#components/ui/dialogs/dialog.tsx"
import { Disclosure } from "#components/ui/disclosure.tsx"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import { Checkbox } from "#components/ui/forms/checkbox.tsx"
import { CopyField } from "#components/ui/forms/copy-field.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import { NativeSelect } from "#components/ui/forms/native-select.tsx"
import type { Scope } from "#lib/rooms/accounts/tokens/token.ts"
import { ENDS, tokenOfForm } from "./token-of-form.ts"

type NewTokenProps = {
  open: boolean
  onClose: () => void
  scopes: readonly Scope[]
  now: string
}

/** The dialog that creates an API token, and then shows it once. */
export function NewToken({ open, onClose, scopes, now }: NewTokenProps) {
  const t = useTranslations("accounts.tokens")
  const [token, setToken] = useState<string | null>(null)

  function close() {
    setToken(null)
    onClose()
  }

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && close()}
      title={t(token === null ? "addTitle" : "madeTitle")}
      description={t(token === null ? "addText" : "madeText")}
      staysOnPress
      footer={token !== null && <DialogClose>{t("done")}</DialogClose>}
    >
      {token === null ? (
        <TokenForm scopes={scopes} now={now} onMade={setToken} />
      ) : (
        <CopyField label={t("token")} value={token} selected />
      )}
    </Dialog>
  )
}

type TokenFormProps = Pick<NewTokenProps, "scopes" | "now"> & { onMade: (token: string) => void }

function TokenForm({ scopes, now, onMade }: TokenFormProps) {
  const t = useTranslations("accounts.tokens")
  const { run, pending, refused, errorOf } = useChange()
  const make = (fields: FormData) =>
    run(
      () => ask("POST /tokens", { body: tokenOfForm(fields, scopes, now) }),
      ({ token }) => onMade(token),
    )
  return (
    <form method="post" className="flex w-full flex-col gap-5" onSubmit={onSubmit(make)}>
      <Field
        label={t("name")}
        hint={t("nameHint")}
        name="name"
        required
        maxLength={60}
        autoComplete="off"
        error={errorOf("name")}
      />
      <fieldset className="flex flex-col gap-3">
        <legend className="mb-2 text-sm font-medium">{t("scopesTitle")}</legend>
        {scopes.map((scope) => (
          <Checkbox
            key={scope}
            name={scope}
            label={t(`scopes.${scope}`)}
            hint={<code>{scope}</code>}
          />
        ))}
      </fieldset>
      <Field label={t("end")} error={errorOf("expiresAt")}>
        {(control) => (
          <NativeSelect {...control} name="days" defaultValue="90">
            {ENDS.map((days) => (
              <option key={days} value={days ?? ""}>
                {days === null ? t("never") : t("endDays", { days })}
              </option>
            ))}
          </NativeSelect>
        )}
      </Field>
      <Disclosure summary={t("more")}>
        <div className="flex flex-col gap-5 pt-2">
          <p className="text-sm text-soft">{t("moreText")}</p>
          <Field
            label={t("maxDayGb")}
            name="maxDayGb"
            type="number"
            min={0}
            step="any"
            error={errorOf("caps.maxDayBytes")}
          />
          <Field
            label={t("maxShareDays")}
            name="maxShareDays"
            type="number"
            min={1}
            error={errorOf("caps.maxShareDays")}
          />
          <Checkbox name="passwordRequired" label={t("needsPassword")} />
        </div>
      </Disclosure>
      {refused && <ActionError>{refused.message}</ActionError>}
      <Button type="submit" pending={pending} className="self-start">
        {t("create")}
      </Button>
    </form>
  )
}
