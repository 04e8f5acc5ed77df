"use client"

import { useLocale, useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { formText } from "#components/calls/on-submit.ts"
import { useChange } from "#components/calls/use-call.ts"
import { FormSection } from "#components/pages/section.tsx"
import { SavedForm } from "#components/saving/saved-form.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import { FIELD_ROW } from "#components/ui/forms/field-row.ts"
import { listed } from "#lib/adapters/text/intl-formatters.ts"
import type { ShareDefaults } from "#lib/rooms/shares/edit/share-defaults.ts"
import { DefaultsFields, type DefaultsFieldsProps } from "./defaults-fields.tsx"
import { changedDefaults, defaultsOf } from "./defaults-of-form.ts"

type ProfileFormProps = Omit<DefaultsFieldsProps, "errorOf"> & {
  name: string
  /** The provider from which the name comes; null for a member who chooses it. */
  linkedTo: string | null
}

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
  const locale = useLocale()
  const member = useTranslations("member")
  const { run, pending, refused, reset } = useChange()
  const [saved, setSaved] = useState<Saved>({ name, defaults, days })
  const [done, setDone] = useState<readonly string[] | null>(null)
  const field = refused?.field?.replace(/^shareDefaults\./, "")
  const errorOf = (each: string) => (each === field ? refused?.message : undefined)
  const isMarked = ["name", "days", "maxDownloads", "mintTtlSeconds"].some((each) => each === field)

  const changesOf = (form: FormData) => [
    ...(formText(form, "name") === saved.name ? [] : ["name"]),
    ...changedDefaults(form, saved.defaults, { days: saved.days, previews: settings.previews }),
  ]

  function save(form: FormData, changed: readonly string[]) {
    const next = { name: formText(form, "name") ?? "", defaults: defaultsOf(form, saved.defaults) }
    const hasDefaults = changed.some((each) => each !== "name")
    run(
      () =>
        ask("PATCH /me", {
          body: {
            ...(changed.includes("name") && { name: next.name }),
            ...(hasDefaults && { shareDefaults: next.defaults }),
          },
        }),
      () => {
        setSaved({
          name: next.name.trim(),
          ...(hasDefaults
            ? { defaults: next.defaults, days: next.defaults.days ?? null }
            : { defaults: saved.defaults, days: saved.days }),
        })
        setDone([
          ...(changed.includes("name") ? [t("settings.nameTitle")] : []),
          ...(hasDefaults ? [member("defaults.title")] : []),
        ])
      },
    )
  }

  return (
    <SavedForm
      values={saved}
      changesOf={changesOf}
      onSave={save}
      pending={pending}
      problem={refused && (isMarked ? t("settings.markedProblem") : refused.message)}
      saved={
        done && <p className="text-ok">{t("settings.saved", { names: listed(done, locale) })}</p>
      }
      onDiscard={reset}
      onDismiss={() => setDone(null)}
    >
      <FormSection title={t("settings.nameTitle")}>
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
      <FormSection title={member("defaults.title")} lead={member("defaults.lead")}>
        <DefaultsFields
          defaults={saved.defaults}
          days={saved.days}
          settings={settings}
          mintTtlSeconds={mintTtlSeconds}
          errorOf={errorOf}
        />
      </FormSection>
    </SavedForm>
  )
}
