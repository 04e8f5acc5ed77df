"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { SavedForm } from "#components/calls/saved-form.tsx"
import { FormSection } from "#components/pages/section.tsx"
import type { ShareDefaults } from "#lib/rooms/shares/edit/share-defaults.ts"
import { DefaultsFields, type DefaultsFieldsProps } from "./defaults-fields.tsx"
import { changedDefaults, defaultsOf } from "./defaults-of-form.ts"

type DefaultsFormProps = Omit<DefaultsFieldsProps, "errorOf">

/** The values that have a field which shows why they are refused. */
const NAMES = ["days", "maxDownloads", "mintTtlSeconds"]

type Saved = { defaults: ShareDefaults; days: number | null }

/** The defaults for the member's new shares. */
export function DefaultsForm({ defaults, days, settings, mintTtlSeconds }: DefaultsFormProps) {
  const t = useTranslations("member.defaults")
  const [saved, setSaved] = useState<Saved>({ defaults, days })

  async function save(form: FormData) {
    const shareDefaults = defaultsOf(form, saved.defaults)
    await ask("PATCH /me", { body: { shareDefaults } })
    setSaved({ defaults: shareDefaults, days: shareDefaults.days ?? null })
  }

  return (
    <SavedForm
      values={saved}
      names={NAMES}
      labelOf={() => t("title")}
      changesOf={(form) =>
        changedDefaults(form, saved.defaults, { days: saved.days, previews: settings.previews })
      }
      onSave={save}
    >
      {({ errorOf }) => (
        <FormSection id="defaults" title={t("title")} lead={t("lead")}>
          <DefaultsFields
            defaults={saved.defaults}
            days={saved.days}
            settings={settings}
            mintTtlSeconds={mintTtlSeconds}
            errorOf={errorOf}
          />
        </FormSection>
      )}
    </SavedForm>
  )
}
