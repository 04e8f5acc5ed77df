"use client"

import { useTranslations } from "next-intl"
import { useTypedBox } from "#components/ui/dialogs/typed-fields.ts"
import { Switch } from "#components/ui/forms/checkbox.tsx"

/** Selects whether files have direct URLs. If admins allow none, the share keeps its value. */
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
