"use client"

import { useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import { SavedForm } from "#components/calls/saved-form.tsx"
import type { settingsOf } from "#components/nav/settings-pages.ts"
import { FormSection } from "#components/pages/section.tsx"
import type { SettingsChange, SettingsView } from "#lib/rooms/settings/setting.ts"
import { SettingField } from "./setting-field.tsx"
import { settingsChange } from "./settings-change.ts"
import { useLatest } from "./use-latest.ts"

type SettingsFormProps = { sections: ReturnType<typeof settingsOf>; settings: SettingsView }

/** The settings of a page, which are saved together. */
export function SettingsForm({ sections, settings }: SettingsFormProps) {
  const t = useTranslations("settings")
  const [saved, setSaved] = useLatest(settings)
  const names = sections.flatMap((section) => section.names)

  async function change(body: SettingsChange) {
    setSaved((await ask("PATCH /admin/settings", { body })).settings)
  }

  return (
    <SavedForm
      values={saved}
      names={names}
      labelOf={(name) => t(`names.${name}`)}
      changesOf={(form) => {
        const changed = settingsChange(form, names, saved)
        return names.filter((name) => name in changed)
      }}
      note={t("lead")}
      onSave={(form) => change(settingsChange(form, names, saved))}
    >
      {({ errorOf, markOf, pending, save }) =>
        sections.map(({ title, names }) => (
          <FormSection key={title ?? ""} {...(title && { title: t(`sections.${title}`) })}>
            {names.map((name) => (
              <SettingField
                // A new key starts the field from its new value after a reset or a save.
                key={`${name} ${JSON.stringify(saved[name])}`}
                name={name}
                setting={saved[name]}
                error={errorOf(name)}
                mark={markOf(name)}
                pending={pending}
                onReset={() => save(() => change({ reset: [name] }), [name])}
              />
            ))}
          </FormSection>
        ))
      }
    </SavedForm>
  )
}
