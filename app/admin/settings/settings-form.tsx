"use client"

import { useLocale, useTranslations } from "next-intl"
import { type ReactNode, useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { useChange } from "#components/calls/use-call.ts"
import { FormSection } from "#components/pages/section.tsx"
import { SavedForm } from "#components/saving/saved-form.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { listed } from "#lib/adapters/text/intl-formatters.ts"
import type { Branding } from "#lib/rooms/settings/branding.ts"
import type { SettingName, SettingsChange, SettingsView } from "#lib/rooms/settings/setting.ts"
import {
  BRANDING_NAMES,
  type BrandingName,
  brandingChange,
  changedBranding,
} from "./branding-change.ts"
import { BrandingFields } from "./branding-fields.tsx"
import { SettingField } from "./setting-field.tsx"
import { settingsChange } from "./settings-change.ts"

/** The settings that limit shares: after a change, the open shares that exceed them are counted. */
const OF_SHARES: readonly string[] = [
  "maxShareDays",
  "passwordRequired",
  "limitRequired",
  "maxFileBytes",
  "allowedTypes",
  "blockedTypes",
] satisfies SettingName[]

/** A value of the form, by the name of its field in the API. */
type Name = SettingName | `branding.${BrandingName}`

const fieldOfBranding = (name: BrandingName) => `branding.${name}` as const
const isSetting = (name: Name): name is SettingName => !name.startsWith("branding.")

type Values = { settings: SettingsView; branding: Branding }

type SettingsFormProps = {
  sections: { title: string; names: SettingName[] }[]
  saved: Values
  /** The part of the page between the form and its save bar. */
  children: ReactNode
}

/** The result of the last save; `outside` is the number of open shares that exceed the settings. */
type Done = { names: readonly Name[]; outside: number }

/** The settings and the branding, which are saved together. */
export function SettingsForm({ sections, saved: given, children }: SettingsFormProps) {
  const t = useTranslations("settings")
  const { run, pending, refused, reset } = useChange()
  const [done, setDone] = useState<Done | null>(null)
  const [saved, setSaved] = useLatest(given)
  const names = sections.flatMap((section) => section.names)
  // The field of a list names its item too.
  const marked = [...names, ...BRANDING_NAMES.map(fieldOfBranding)].find(
    (name) => refused?.field === name || refused?.field?.startsWith(`${name}.`),
  )
  const errorOf = (name: Name) => (name === marked ? refused?.message : undefined)

  function changesOf(form: FormData): Name[] {
    const change = settingsChange(form, names, saved.settings)
    const branding = changedBranding(form, saved.branding)
    return [...names.filter((name) => name in change), ...branding.map(fieldOfBranding)]
  }

  function save(
    call: () => Promise<SettingsChange & { branding?: object }>,
    changed: readonly Name[],
  ) {
    run(
      async () => ask("PATCH /admin/settings", { body: await call() }),
      async (answer) => {
        setSaved(answer)
        const counts = changed.some((name) => OF_SHARES.includes(name))
        const outside = counts ? (await ask("GET /admin/settings/outside", {})).count : 0
        setDone({ names: changed, outside })
      },
    )
  }

  const saveForm = (form: FormData, changed: readonly Name[]) =>
    save(
      async () => ({
        ...settingsChange(form, names, saved.settings),
        ...(!changed.every(isSetting) && {
          branding: await brandingChange(form, t("branding.logoUnreadable")),
        }),
      }),
      changed,
    )

  return (
    <SavedForm
      values={saved}
      changesOf={changesOf}
      onSave={saveForm}
      pending={pending}
      problem={refused && (marked ? t("markedProblem") : refused.message)}
      saved={done && <SavedText done={done} />}
      onDiscard={reset}
      onDismiss={() => setDone(null)}
      below={children}
    >
      {sections.map((section) => (
        <FormSection key={section.title} title={section.title}>
          {section.names.map((name) => (
            <SettingField
              // A new key starts the field from its new value after a reset or a save.
              key={`${name} ${JSON.stringify(saved.settings[name])}`}
              name={name}
              setting={saved.settings[name]}
              error={errorOf(name)}
              pending={pending}
              onReset={() => save(async () => ({ reset: [name] }), [name])}
            />
          ))}
        </FormSection>
      ))}
      <FormSection id="branding" title={t("branding.title")} lead={t("branding.lead")}>
        <BrandingFields
          branding={saved.branding}
          errorOf={(name) => errorOf(fieldOfBranding(name))}
        />
      </FormSection>
    </SavedForm>
  )
}

/** State that starts from a value of the page, and follows it when the page is refreshed. */
function useLatest<Value>(given: Value): [Value, (value: Value) => void] {
  const [seen, setSeen] = useState(given)
  const [latest, setLatest] = useState(given)
  if (given !== seen) {
    setSeen(given)
    setLatest(given)
  }
  return [latest, setLatest]
}

function SavedText({ done: { names, outside } }: { done: Done }) {
  const t = useTranslations("settings")
  const locale = useLocale()
  const labels = names.map((name) => t(isSetting(name) ? `names.${name}` : name))
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5">
      <p className="text-ok">{t("saved", { names: listed(labels, locale) })}</p>
      {outside > 0 && (
        <>
          <p>{t("outsideAfter", { count: outside })}</p>
          <LinkButton href="/admin/settings?outside=1#outside" variant="quiet" size="sm">
            {t("seeWhich")}
          </LinkButton>
        </>
      )}
    </div>
  )
}
