"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { api } from "#components/api.ts"
import { onSubmit } from "#components/calls/on-submit.ts"
import { useChange } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"
import { Checkbox } from "#components/ui/forms/checkbox.tsx"
import { Field, Input, Textarea } from "#components/ui/forms/field.tsx"
import { Notice } from "#components/ui/notice.tsx"
import type { Branding } from "#lib/settings/branding.ts"
import { AccentPreview } from "./accent-preview.tsx"
import { brandingChange } from "./branding-change.ts"

const LAPSE_ACCENT = "#c2410c"

/** The branding of visitors' pages, with a preview of the accent colour in both colour schemes. */
export function BrandingForm({ branding }: { branding: Branding }) {
  const t = useTranslations("settings")
  const { run, pending, done, refused } = useChange()
  const [accent, setAccent] = useState(branding.accent ?? LAPSE_ACCENT)
  const [usesAccent, setUses] = useState(branding.accent !== null)
  const errorOf = (name: keyof Branding) =>
    refused?.field === `branding.${name}` ? refused.message : undefined

  const save = (form: FormData) =>
    run(async () => {
      const branding = await brandingChange(form, t("brand.logoUnreadable"))
      return api.admin.settings.change({ branding })
    })

  return (
    <section className="mt-9 border-t border-line pt-7">
      <h2 className="text-lg font-semibold tracking-[-0.015em]">{t("brand.title")}</h2>
      <p className="mt-1.5 mb-5 text-soft">{t("brand.lead")}</p>
      <form
        method="post"
        onSubmit={onSubmit(save)}
        className="flex max-w-160 flex-col items-start gap-6"
      >
        {refused && !refused.field && <Notice tone="danger">{refused.message}</Notice>}
        <Field
          label={t("brand.name")}
          aside={t("brand.optional")}
          hint={t("brand.nameHint")}
          name="name"
          maxLength={40}
          autoComplete="off"
          defaultValue={branding.name ?? ""}
          error={errorOf("name")}
          className="w-full max-w-88"
        />
        {/* A new key resets the field after another logo is saved. */}
        <LogoField key={branding.logo} logo={branding.logo} error={errorOf("logo")} />
        <div className="flex w-full flex-col gap-3">
          <Checkbox
            name="useAccent"
            label={t("brand.useAccent")}
            hint={t("brand.accentHint")}
            checked={usesAccent}
            onChange={({ currentTarget }) => setUses(currentTarget.checked)}
          />
          {usesAccent && (
            <>
              <Field label={t("brand.accent")} error={errorOf("accent")}>
                {(control) => (
                  <Input
                    {...control}
                    type="color"
                    name="accent"
                    value={accent}
                    onChange={({ currentTarget }) => setAccent(currentTarget.value)}
                    className="max-w-24 p-1"
                  />
                )}
              </Field>
              <AccentPreview accent={accent} />
            </>
          )}
        </div>
        {(["imprintUrl", "privacyUrl"] as const).map((name) => (
          <Field
            key={name}
            label={t(`brand.${name}`)}
            aside={t("brand.optional")}
            name={name}
            type="url"
            maxLength={500}
            autoComplete="off"
            defaultValue={branding[name] ?? ""}
            error={errorOf(name)}
            className="w-full max-w-120"
          />
        ))}
        <Field
          label={t("brand.note")}
          aside={t("brand.optional")}
          hint={t("brand.noteHint")}
          error={errorOf("note")}
          className="w-full max-w-120"
        >
          {(control) => (
            <Textarea {...control} name="note" maxLength={500} defaultValue={branding.note ?? ""} />
          )}
        </Field>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Button type="submit" variant="quiet" pending={pending}>
            {t("save")}
          </Button>
          <p role="status" className="text-sm text-ok empty:hidden">
            {done && t("saved")}
          </p>
        </div>
      </form>
    </section>
  )
}

function LogoField({ logo, error }: { logo: string | null; error: string | undefined }) {
  const t = useTranslations("settings.brand")
  return (
    <div className="flex w-full max-w-120 flex-col gap-3">
      {logo && (
        // biome-ignore lint/performance/noImgElement: the image comes from the database and is cached for good
        <img
          src={`/brand/${logo}`}
          alt={t("logoNow")}
          height={36}
          className="h-9 max-w-48 self-start rounded-md object-contain dark:bg-white dark:p-1"
        />
      )}
      <Field label={t("logo")} aside={t("optional")} hint={t("logoHint")} error={error}>
        {(control) => (
          <input
            {...control}
            type="file"
            name="logo"
            accept="image/png,image/jpeg,image/webp"
            className="text-sm file:mr-3 file:min-h-9 file:rounded-lg file:border-0 file:bg-wash file:px-3.25 file:font-semibold file:text-ink"
          />
        )}
      </Field>
      {logo && <Checkbox name="removeLogo" label={t("logoRemove")} />}
    </div>
  )
}
