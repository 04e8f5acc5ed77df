"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { Checkbox } from "#components/ui/forms/checkbox.tsx"
import { Field, Input, Textarea } from "#components/ui/forms/field.tsx"
import type { Branding } from "#lib/rooms/settings/branding.ts"
import { AccentNotes } from "./accent-notes.tsx"

const LAPSE_ACCENT = "#c2410c"

const WIDTH = "w-full max-w-md"

type BrandingFieldsProps = {
  branding: Branding
  errorOf: (name: keyof Branding) => string | undefined
}

/** The fields of the branding. */
export function BrandingFields({ branding, errorOf }: BrandingFieldsProps) {
  const t = useTranslations("settings.branding")
  const [accent, setAccent] = useState(branding.accent ?? LAPSE_ACCENT)
  const [usesAccent, setUses] = useState(branding.accent !== null)
  return (
    <>
      <Field
        label={t("name")}
        aside={t("optional")}
        hint={t("nameHint")}
        name="name"
        maxLength={40}
        autoComplete="off"
        defaultValue={branding.name ?? ""}
        error={errorOf("name")}
        className={WIDTH}
      />
      {/* A new key resets the field after another logo is saved. */}
      <LogoField key={branding.logo} logo={branding.logo} error={errorOf("logo")} />
      <Checkbox
        name="useAccent"
        label={t("useAccent")}
        hint={t("accentHint")}
        checked={usesAccent}
        onChange={({ currentTarget }) => setUses(currentTarget.checked)}
        className={WIDTH}
      />
      {usesAccent && (
        <>
          <Field label={t("accent")} error={errorOf("accent")} className={WIDTH}>
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
          <AccentNotes accent={accent} />
        </>
      )}
      {(["imprintUrl", "privacyUrl"] as const).map((name) => (
        <Field
          key={name}
          label={t(name)}
          aside={t("optional")}
          name={name}
          type="url"
          maxLength={500}
          autoComplete="off"
          defaultValue={branding[name] ?? ""}
          error={errorOf(name)}
          className={WIDTH}
        />
      ))}
      <Field
        label={t("note")}
        aside={t("optional")}
        hint={t("noteHint")}
        error={errorOf("note")}
        className={WIDTH}
      >
        {(control) => (
          <Textarea {...control} name="note" maxLength={500} defaultValue={branding.note ?? ""} />
        )}
      </Field>
    </>
  )
}

function LogoField({ logo, error }: { logo: string | null; error: string | undefined }) {
  const t = useTranslations("settings.branding")
  return (
    <>
      <Field
        label={t("logo")}
        aside={t("optional")}
        hint={t("logoHint")}
        error={error}
        className={WIDTH}
      >
        {(control) => (
          <div className="flex flex-col items-start gap-3">
            {logo && (
              // biome-ignore lint/performance/noImgElement: the image comes from the database and is cached permanently
              <img
                src={`/brand/${logo}`}
                alt={t("logoNow")}
                height={36}
                className="h-9 max-w-48 rounded-md object-contain dark:bg-white dark:p-1"
              />
            )}
            <input
              {...control}
              type="file"
              name="logo"
              accept="image/png,image/jpeg,image/webp"
              className="max-w-full text-sm file:me-3 file:min-h-9 file:rounded-lg file:border-0 file:bg-selected file:px-3.25 file:font-semibold file:text-ink"
            />
          </div>
        )}
      </Field>
      {logo && <Checkbox name="removeLogo" label={t("logoRemove")} className={WIDTH} />}
    </>
  )
}
