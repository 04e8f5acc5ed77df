"use client"

import { useLocale, useTranslations } from "next-intl"
import { Fragment, useId, useState } from "react"
import { api } from "#components/api.ts"
import { formText, onSubmit } from "#components/calls/on-submit.ts"
import { useChange } from "#components/calls/use-call.ts"
import { LeaveQuestion } from "#components/nav/leave-question.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import { FIELD_ROW } from "#components/ui/forms/field-row.ts"
import { FormSection } from "#components/ui/forms/form-section.tsx"
import { SaveBar } from "#components/ui/saving/save-bar.tsx"
import { useUnsaved } from "#components/ui/saving/use-unsaved.ts"
import type { ShareDefaults } from "#lib/shares/edit/share-defaults.ts"
import { listed } from "#lib/text/intl-formatters.ts"
import { DefaultsFields, type DefaultsFieldsProps } from "./defaults-fields.tsx"
import { changedDefaults, defaultsOf } from "./defaults-of-form.ts"

type ProfileFormProps = Omit<DefaultsFieldsProps, "errorOf"> & { name: string }

type Saved = { name: string; defaults: ShareDefaults; days: number | null }

/** The member's name and the defaults for new shares, which are saved together. */
export function ProfileForm({ name, defaults, days, settings, mintTtlSeconds }: ProfileFormProps) {
  const t = useTranslations("accounts")
  const locale = useLocale()
  const member = useTranslations("member")
  const id = useId()
  const { run, pending, refused, reset } = useChange()
  const [saved, setSaved] = useState<Saved>({ name, defaults, days })
  const [done, setDone] = useState<readonly string[] | null>(null)
  const unsaved = useUnsaved(saved, (form) => [
    ...(formText(form, "name") === saved.name ? [] : ["name"]),
    ...changedDefaults(form, saved.defaults, { days: saved.days, previews: settings.previews }),
  ])
  const field = refused?.field?.replace(/^shareDefaults\./, "")
  const errorOf = (each: string) => (each === field ? refused?.message : undefined)
  const isMarked = ["name", "days", "maxDownloads", "mintTtlSeconds"].some((each) => each === field)

  function save(form: FormData) {
    const { changed } = unsaved
    const next = { name: formText(form, "name") ?? "", defaults: defaultsOf(form, saved.defaults) }
    const hasDefaults = changed.some((each) => each !== "name")
    run(
      () =>
        api.me.change({
          ...(changed.includes("name") && { name: next.name }),
          ...(hasDefaults && { shareDefaults: next.defaults }),
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
    <>
      <form
        ref={unsaved.form}
        id={id}
        method="post"
        tabIndex={-1}
        className="outline-hidden"
        onSubmit={onSubmit(save)}
        onInput={unsaved.onInput}
      >
        <Fragment key={unsaved.round}>
          <FormSection title={t("settings.nameTitle")}>
            <Field
              key={saved.name}
              label={t("name")}
              hint={t("nameHint")}
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
        </Fragment>
      </form>
      <SaveBar
        formId={id}
        count={unsaved.changed.length}
        pending={pending}
        problem={refused && (isMarked ? t("settings.markedProblem") : refused.message)}
        saved={
          done && <p className="text-ok">{t("settings.saved", { names: listed(done, locale) })}</p>
        }
        onDiscard={() => {
          reset()
          unsaved.discard()
        }}
        onDismiss={() => setDone(null)}
      />
      {unsaved.changed.length > 0 && <LeaveQuestion />}
    </>
  )
}
