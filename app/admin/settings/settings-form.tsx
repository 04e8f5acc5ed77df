"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { api } from "#components/api.ts"
import { onSubmit } from "#components/calls/on-submit.ts"
import { useChange } from "#components/calls/use-call.ts"
import { Button, LinkButton } from "#components/ui/button.tsx"
import { Notice } from "#components/ui/notice.tsx"
import type { SettingName, SettingsChange, SettingsView } from "#lib/settings/setting.ts"
import { SettingField } from "./setting-field.tsx"
import { settingsChange } from "./settings-change.ts"

/** The settings that limit shares: after a change, the open shares that exceed them are counted. */
const OF_SHARES: SettingName[] = [
  ...(["maxShareDays", "passwordRequired", "limitRequired"] as const),
  ...(["maxFileBytes", "allowedTypes", "blockedTypes"] as const),
]

type SettingsFormProps = { title: string; names: SettingName[]; settings: SettingsView }

/** The result of the last save; `outside` is the number of open shares that exceed the settings. */
type Saved = "unchanged" | { outside: number }

/** The settings of one section, which are saved together. */
export function SettingsForm({ title, names, settings }: SettingsFormProps) {
  const t = useTranslations("settings")
  const { run, pending, refused, reset } = useChange()
  const [saved, setSaved] = useState<Saved | null>(null)
  const field = refused?.field?.split(".")[0]
  const known = names.find((name) => name === field)

  function save(change: SettingsChange, changed: SettingName[]) {
    setSaved(null)
    const counts = changed.some((name) => OF_SHARES.includes(name))
    run(
      () => api.admin.settings.change(change),
      async () => setSaved({ outside: counts ? (await api.admin.settings.outside()).count : 0 }),
    )
  }

  function saveForm(form: FormData) {
    const change = settingsChange(form, names, settings)
    const changed = names.filter((name) => name in change)
    if (changed.length > 0) return save(change, changed)
    reset()
    setSaved("unchanged")
  }

  return (
    <section className="mt-9 border-t border-line pt-7">
      <h2 className="mb-5 text-lg font-semibold tracking-[-0.015em]">{title}</h2>
      <form
        method="post"
        onSubmit={onSubmit(saveForm)}
        className="flex max-w-160 flex-col items-start gap-6"
      >
        {refused && !known && <Notice tone="danger">{refused.message}</Notice>}
        {names.map((name) => (
          <SettingField
            // A new key starts the field from its new value after a reset or a save.
            key={`${name} ${JSON.stringify(settings[name])}`}
            name={name}
            setting={settings[name]}
            error={name === known ? refused?.message : undefined}
            pending={pending}
            onReset={() => save({ reset: [name] }, [name])}
          />
        ))}
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Button type="submit" variant="quiet" pending={pending}>
            {t("save")}
          </Button>
          <div role="status" className="flex flex-wrap items-center gap-x-4 text-sm">
            {saved && <SavedLine saved={saved} />}
          </div>
        </div>
      </form>
    </section>
  )
}

function SavedLine({ saved }: { saved: Saved }) {
  const t = useTranslations("settings")
  if (saved === "unchanged") return <p className="text-soft">{t("unchanged")}</p>
  return (
    <>
      <p className="text-ok">{t("saved")}</p>
      {saved.outside > 0 && (
        <>
          <p>{t("outsideAfter", { count: saved.outside })}</p>
          <LinkButton href="/admin/settings?outside=1#outside" variant="quiet" size="sm">
            {t("seeWhich")}
          </LinkButton>
        </>
      )}
    </>
  )
}
