"use client"

import { useTranslations } from "next-intl"
import { useTypedFlag } from "#components/ui/dialogs/typed-fields.ts"
import { Switch } from "#components/ui/forms/checkbox.tsx"

type CodeSwitchProps = {
  on: boolean
  /** Whether admins require a code of all recipients. */
  required: boolean
}

/** Selects whether a link asks for a code by mail. */
export function CodeSwitch({ on, required }: CodeSwitchProps) {
  const t = useTranslations("member.recipients")
  const [asksForCode, setAsksForCode] = useTypedFlag("verify", on)
  return (
    <>
      {required && <input type="hidden" name="verify" value="on" />}
      <Switch
        name="verify"
        label={t("code")}
        hint={t(required ? "codeRequired" : "codeHint")}
        checked={asksForCode || required}
        disabled={required}
        onChange={({ currentTarget }) => setAsksForCode(currentTarget.checked)}
      />
    </>
  )
}
