"use client"

import { useTranslations } from "next-intl"
import { useId, useState } from "react"
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
  /** Whether it may be a service account, as a manager of a team may make. */
  offersService: boolean
  now: string
}

/** The dialog that creates an API token, and then shows it once. */
export function NewToken({ open, onClose, scopes, offersService, now }: NewTokenProps) {
  const t = useTranslations("accounts.tokens")
  const id = useId()
  const { run, pending, refused, errorOf, reset } = useChange()
  const [token, setToken] = useState<string | null>(null)

  function close() {
    reset()
    setToken(null)
    onClose()
  }

  const make = (fields: FormData) =>
    run(
      () => ask("POST /tokens", { body: tokenOfForm(fields, scopes, now) }),
      ({ token }) => setToken(token),
    )

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && close()}
      title={t(token === null ? "addTitle" : "madeTitle")}
      description={t(token === null ? "addText" : "madeText")}
      staysOnPress
      footer={
        token === null ? (
          <>
            <DialogClose />
            <Button type="submit" form={id} pending={pending}>
              {t("create")}
            </Button>
          </>
        ) : (
          <DialogClose>{t("done")}</DialogClose>
        )
      }
    >
      {token === null ? (
        <form id={id} method="post" className="flex flex-col gap-5" onSubmit={onSubmit(make)}>
          <TokenFields scopes={scopes} offersService={offersService} errorOf={errorOf} />
          {refused && <ActionError>{refused.message}</ActionError>}
        </form>
      ) : (
        <CopyField label={t("token")} value={token} selected />
      )}
    </Dialog>
  )
}

type TokenFieldsProps = Pick<NewTokenProps, "scopes" | "offersService"> & {
  errorOf: (field: string) => string | undefined
}

function TokenFields({ scopes, offersService, errorOf }: TokenFieldsProps) {
  const t = useTranslations("accounts.tokens")
  return (
    <>
      <Field
        label={t("name")}
        hint={t("nameHint")}
        name="name"
        required
        maxLength={60}
        autoComplete="off"
        error={errorOf("name")}
      />
      {offersService && <Checkbox name="service" label={t("service")} hint={t("serviceHint")} />}
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
          <Checkbox name="verifiedOnly" label={t("needsCode")} />
        </div>
      </Disclosure>
    </>
  )
}
