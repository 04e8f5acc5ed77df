"use client"

import { useTranslations } from "next-intl"
import { api } from "#components/api.ts"
import { onSubmit } from "#components/calls/on-submit.ts"
import { useChange } from "#components/calls/use-call.ts"
import { DirectOption } from "#components/shares/conditions/direct-option.tsx"
import { LinkLifetimeField } from "#components/shares/conditions/link-lifetime.tsx"
import { ReadingOptions } from "#components/shares/conditions/reading-options.tsx"
import { Button } from "#components/ui/button.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import { NativeSelect } from "#components/ui/forms/native-select.tsx"
import { Notice } from "#components/ui/notice.tsx"
import type { ShareDefaults } from "#lib/shares/edit/share-defaults.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"
import { defaultsOf } from "./defaults-of-form.ts"

const DAYS = [1, 3, 7, 14, 30, 90]

type DefaultsFormProps = {
  defaults: ShareDefaults
  /** Days until a new share expires by default. */
  days: number | null
  settings: PageSettings
  /** Seconds for which a download URL is valid by default. */
  mintTtlSeconds: number
}

/** The defaults for the member's new shares. */
export function DefaultsForm({ defaults, days, settings, mintTtlSeconds }: DefaultsFormProps) {
  const { maxShareDays } = settings
  const t = useTranslations("member.defaults")
  const conditions = useTranslations("member.conditions")
  const { run, pending, done, refused } = useChange()
  const errorOf = (field: string) => refused?.field === `shareDefaults.${field}` && refused.message
  const choices = [...new Set([...DAYS, ...(days === null ? [] : [days])])]
    .filter((one) => maxShareDays === null || one <= maxShareDays)
    .sort((a, b) => a - b)
  const { direct = false, preview = true, viewOnly = false, watermark = false } = defaults
  return (
    <form
      method="post"
      className="flex max-w-140 flex-col items-start gap-5"
      onSubmit={onSubmit((form) =>
        run(() => api.me.change({ shareDefaults: defaultsOf(form, defaults) })),
      )}
    >
      {refused && !refused.field && <Notice tone="danger">{refused.message}</Notice>}
      <div className="grid w-full gap-5 sm:grid-cols-2">
        <Field label={t("days")} error={errorOf("days")}>
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
          type="number"
          inputMode="numeric"
          min={1}
          max={1_000_000}
          placeholder={t("noLimit")}
          defaultValue={defaults.maxDownloads ?? ""}
          error={errorOf("maxDownloads")}
        />
      </div>
      <div className="flex w-full flex-col border-y border-line">
        <DirectOption direct={direct} allowed={settings.directLinks} />
        <ReadingOptions share={{ preview, viewOnly, watermark }} allowed={settings.previews} />
      </div>
      <LinkLifetimeField
        seconds={defaults.mintTtlSeconds ?? mintTtlSeconds}
        error={errorOf("mintTtlSeconds")}
      />
      <Button type="submit" variant="quiet" pending={pending}>
        {t("submit")}
      </Button>
      <p role="status" className="text-sm text-ok empty:hidden">
        {done && t("saved")}
      </p>
    </form>
  )
}
