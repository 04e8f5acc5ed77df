"use client"

import { useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import { useChange } from "#components/calls/use-call.ts"
import { Field } from "#components/ui/forms/field.tsx"
import { FIELD_ROW } from "#components/ui/forms/field-row.ts"
import { NativeSelect } from "#components/ui/forms/native-select.tsx"
import { LANGUAGES, LOCALES, type Locale } from "#lib/adapters/text/languages.ts"

/** Chooses the language of the member's pages and mail; null is the browser's. */
export function LanguageSelect({ chosen }: { chosen: Locale | null }) {
  const t = useTranslations("accounts.language")
  const { run, pending, done, refused } = useChange()

  function choose(value: string) {
    const language = LOCALES.find((locale) => locale === value) ?? null
    run(() => ask("PATCH /me", { body: { language } }))
  }

  return (
    <Field label={t("label")} error={refused?.message} className={FIELD_ROW}>
      {(control) => (
        <div>
          <NativeSelect
            {...control}
            // After a refusal the select shows the stored language.
            key={`${chosen} ${refused !== null}`}
            defaultValue={chosen ?? ""}
            disabled={pending}
            onChange={(event) => choose(event.currentTarget.value)}
          >
            <option value="">{t("browser")}</option>
            {LOCALES.map((locale) => (
              <option key={locale} value={locale} lang={locale}>
                {LANGUAGES[locale]}
              </option>
            ))}
          </NativeSelect>
          <p role="status" className="mt-2 text-sm text-ok empty:hidden">
            {done && t("saved")}
          </p>
        </div>
      )}
    </Field>
  )
}
