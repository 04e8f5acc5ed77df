"use client"

import { useTranslations } from "next-intl"
import { LIMIT_INPUT } from "#components/shares/conditions/inputs.tsx"
import { LinkLifetimeField } from "#components/shares/conditions/link-lifetime.tsx"
import { AllowedOption } from "#components/shares/conditions/option.tsx"
import { ReadingOptions } from "#components/shares/conditions/reading-options.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import { FIELD_ROW, ROW } from "#components/ui/forms/field-row.ts"
import { NativeSelect } from "#components/ui/forms/native-select.tsx"
import type { ShareDefaults } from "#lib/rooms/shares/edit/share-defaults.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"

const DAYS = [1, 3, 7, 14, 30, 90]

export type DefaultsFieldsProps = {
  defaults: ShareDefaults
  /** Days until a new share expires by default. */
  days: number | null
  settings: PageSettings
  /** Seconds for which a download URL is valid by default. */
  mintTtlSeconds: number
  errorOf: (field: string) => string | undefined
}

/** The defaults for the member's new shares. */
export function DefaultsFields(props: DefaultsFieldsProps) {
  const { defaults, days, settings, mintTtlSeconds, errorOf } = props
  const { maxShareDays } = settings
  const t = useTranslations("member.defaults")
  const conditions = useTranslations("member.conditions")
  const choices = [...new Set([...DAYS, ...(days === null ? [] : [days])])]
    .filter((one) => maxShareDays === null || one <= maxShareDays)
    .sort((a, b) => a - b)
  const { direct = false, preview = true, viewOnly = false, watermark = false } = defaults
  return (
    <>
      <Field label={t("days")} error={errorOf("days")} className={FIELD_ROW}>
        {(control) => (
          <NativeSelect {...control} name="days" defaultValue={days ?? "never"}>
            {choices.map((one) => (
              <option key={one} value={one}>
                {t("inDays", { count: one })}
              </option>
            ))}
            {maxShareDays === null && <option value="never">{t("never")}</option>}
          </NativeSelect>
        )}
      </Field>
      <Field
        label={conditions(viewOnly ? "maxViewers" : "maxDownloads")}
        aside={conditions("optional")}
        name="maxDownloads"
        {...LIMIT_INPUT}
        placeholder={t("noLimit")}
        defaultValue={defaults.maxDownloads ?? ""}
        error={errorOf("maxDownloads")}
        className={FIELD_ROW}
      />
      <fieldset className={`w-full max-w-md lg:max-w-none ${ROW}`}>
        <legend className="sr-only">{t("reading")}</legend>
        <p aria-hidden className="text-sm font-medium max-lg:mb-1.5 lg:pt-3.5">
          {t("reading")}
        </p>
        <div className="flex flex-col divide-y divide-line border-y border-line">
          <AllowedOption name="direct" on={direct} allowed={settings.directLinks} />
          <ReadingOptions share={{ preview, viewOnly, watermark }} allowed={settings.previews} />
        </div>
      </fieldset>
      <LinkLifetimeField
        seconds={defaults.mintTtlSeconds ?? mintTtlSeconds}
        error={errorOf("mintTtlSeconds")}
        className={FIELD_ROW}
      />
    </>
  )
}
