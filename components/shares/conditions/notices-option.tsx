"use client"

import { useTranslations } from "next-intl"
import { useTypedBox } from "#components/ui/dialogs/typed-fields.ts"
import { Switch } from "#components/ui/forms/checkbox.tsx"

/** Whether the owner gets notices by mail. Without a mail server, the share keeps its value. */
export function NoticesOption({ notices, mail }: { notices: boolean; mail: boolean }) {
  const t = useTranslations("member.conditions")
  return (
    <div className="border-t border-line py-3.5">
      <Switch
        label={t("notices")}
        hint={t(mail ? "noticesHint" : "noMail")}
        {...useTypedBox("notices", notices && mail)}
        disabled={!mail}
      />
      {notices && !mail && <input type="hidden" name="notices" value="on" />}
    </div>
  )
}
