"use client"

import { useTranslations } from "next-intl"
import { useTypedBox } from "#components/ui/dialogs/typed-fields.ts"
import { Switch } from "#components/ui/forms/checkbox.tsx"

/** Whether the addresses of files download at once. Where admins allow none it keeps its value. */
export function DirectOption({ direct, allowed }: { direct: boolean; allowed: boolean }) {
  const t = useTranslations("member.conditions")
  return (
    <div className="border-b border-line py-3.5">
      <Switch
        label={t("direct")}
        hint={t(allowed ? "directHint" : "offForAll")}
        {...useTypedBox("direct", direct && allowed)}
        disabled={!allowed}
      />
      {direct && !allowed && <input type="hidden" name="direct" value="on" />}
    </div>
  )
}
