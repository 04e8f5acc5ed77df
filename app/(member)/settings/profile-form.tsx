"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { formText } from "#components/calls/on-submit.ts"
import { FormSection } from "#components/pages/section.tsx"
import { SavedForm } from "#components/saving/saved-form.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import { FIELD_ROW } from "#components/ui/forms/field-row.ts"
import type { ShareDefaults } from "#lib/rooms/shares/edit/share-defaults.ts"
import { DefaultsFields, type DefaultsFieldsProps } from "./defaults-fields.tsx"
import { changedDefaults, defaultsOf } from "./defaults-of-form.ts"

type ProfileFormProps = Omit<DefaultsFieldsProps, "errorOf"> & {
  name: string
  /** The provider that sets the name; null for a member who chooses it. */
  linkedTo: string | null
}

/** The values whose fields show their refusals. */
const NAMES = ["name", "days", "maxDownloads", "mintTtlSeconds"]

type Saved = { name: string; defaults: ShareDefaults; days: number | null }

/** The member's name and the defaults for new shares, which are saved together. */
export function ProfileForm({
  name,
  linkedTo,
  defaults,
  days,
  settings,
  mintTtlSeconds,
}: ProfileFormProps) {
  const t = useTranslations("accounts")
  const member = useTranslations("member")
  const [saved, setSaved] = useState<Saved>({ name, defaults, days })

  const changesOf = (form: FormData) => [
    ...(formText(form, "name") === saved.name ? [] : ["name"]),
    ...changedDefaults(form, saved.defaults, { days: saved.days, previews: settings.previews }),
  ]

  async function save(form: FormData, changed: readonly string[]) {
    const next = { name: formText(form, "name") ?? "", defaults: defaultsOf(form, saved.defaults) }
    const hasDefaults = changed.some((each) => each !== "name")
    await ask("PATCH /me", {
      body: {
        ...(changed.includes("name") && { name: next.name }),
        ...(hasDefaults && { shareDefaults: next.defaults }),
      },
    })
    setSaved({
      name: next.name.trim(),
      ...(hasDefaults
        ? { defaults: next.defaults, days: next.defaults.days ?? null }
        : { defaults: saved.defaults, days: saved.days }),
    })
  }

  return (
    <SavedForm
      values={saved}
      names={NAMES}
      labelOf={(each) => (each === "name" ? t("settings.nameTitle") : member("defaults.title"))}
      changesOf={changesOf}
      onSave={save}
    >
      {({ errorOf }) => (
        <>
          <FormSection id="name" title={t("settings.nameTitle")}>
            <Field
              key={saved.name}
              label={t("name")}
              hint={linkedTo ? t("settings.nameLinked", { provider: linkedTo }) : t("nameHint")}
              readOnly={linkedTo !== null}
              name="name"
              autoComplete="name"
              required
              maxLength={80}
              defaultValue={saved.name}
              error={errorOf("name")}
              className={FIELD_ROW}
            />
          </FormSection>
          <FormSection
            id="defaults"
            title={member("defaults.title")}
            lead={member("defaults.lead")}
          >
            <DefaultsFields
              defaults={saved.defaults}
              days={saved.days}
              settings={settings}
              mintTtlSeconds={mintTtlSeconds}
              errorOf={errorOf}
            />
          </FormSection>
        </>
      )}
    </SavedForm>
  )
}
