"use client"

import { ImageUp } from "lucide-react"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { classNames } from "#components/ui/class-names.ts"
import { Checkbox } from "#components/ui/forms/checkbox.tsx"
import { Field, Input, Textarea } from "#components/ui/forms/field.tsx"
import type { Branding } from "#lib/rooms/settings/branding.ts"
import { contrast, DARK, LIGHT, palettesOf } from "#lib/rooms/settings/palette.ts"

const LAPSE_ACCENT = "#c2410c"

const WIDTH = "w-full max-w-140"

type BrandingFieldsProps = {
  branding: Branding
  errorOf: (name: keyof Branding) => string | undefined
  /** The class of a field with an unsaved change. */
  markOf: (name: keyof Branding) => string | undefined
}

/** The fields of the branding. A new key starts a field from its new value after a save. */
export function BrandingFields({ branding, errorOf, markOf }: BrandingFieldsProps) {
  const t = useTranslations("settings.branding")
  const widthOf = (name: keyof Branding) => classNames(WIDTH, markOf(name))
  return (
    <>
      <Field
        key={`name ${branding.name}`}
        label={t("name")}
        hint={t("nameHint")}
        name="name"
        maxLength={40}
        autoComplete="off"
        defaultValue={branding.name ?? ""}
        error={errorOf("name")}
        className={widthOf("name")}
      />
      <LogoField
        key={`logo ${branding.logo}`}
        logo={branding.logo}
        error={errorOf("logo")}
        mark={markOf("logo")}
      />
      <AccentFields
        key={`accent ${branding.accent}`}
        accent={branding.accent}
        error={errorOf("accent")}
        mark={markOf("accent")}
      />
      {(["imprintUrl", "privacyUrl"] as const).map((name) => (
        <Field
          key={`${name} ${branding[name]}`}
          label={t(name)}
          name={name}
          type="url"
          maxLength={500}
          autoComplete="off"
          defaultValue={branding[name] ?? ""}
          error={errorOf(name)}
          className={widthOf(name)}
        />
      ))}
      <Field
        key={`note ${branding.note}`}
        label={t("note")}
        hint={t("noteHint")}
        error={errorOf("note")}
        className={widthOf("note")}
      >
        {(control) => (
          <Textarea {...control} name="note" maxLength={500} defaultValue={branding.note ?? ""} />
        )}
      </Field>
    </>
  )
}

type MarkedProps = {
  error: string | undefined
  /** The class of a field with an unsaved change. */
  mark: string | undefined
}

function AccentFields({ accent: saved, error, mark }: MarkedProps & { accent: string | null }) {
  const t = useTranslations("settings.branding")
  const [accent, setAccent] = useState(saved ?? LAPSE_ACCENT)
  const [usesAccent, setUses] = useState(saved !== null)
  return (
    <div className={classNames("flex flex-col gap-6", WIDTH, mark)}>
      <Checkbox
        name="useAccent"
        label={t("useAccent")}
        hint={t("accentHint")}
        checked={usesAccent}
        onChange={({ currentTarget }) => setUses(currentTarget.checked)}
      />
      {usesAccent && (
        <>
          <Field label={t("accent")} error={error}>
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
    </div>
  )
}

/** The logo as a tile: a press on it chooses a file, and a file can be dropped on it. */
function LogoField({ logo, error, mark }: MarkedProps & { logo: string | null }) {
  const t = useTranslations("settings.branding")
  const [chosen, setChosen] = useState<string | null>(null)
  return (
    <div className={classNames("flex flex-col gap-3", WIDTH, mark)}>
      <Field label={t("logo")} hint={t("logoHint")} error={error}>
        {(control) => (
          <div className="relative flex min-h-20 items-center gap-4 rounded-[10px] border border-dashed border-edge px-4 py-3 hover:bg-selected has-focus-visible:outline-2 has-focus-visible:outline-accent">
            {logo && !chosen ? (
              // biome-ignore lint/performance/noImgElement: the image comes from the database and is cached for good
              <img
                src={`/brand/${logo}`}
                alt={t("logoNow")}
                height={36}
                className="h-9 max-w-40 rounded-md object-contain dark:bg-white dark:p-1"
              />
            ) : (
              <ImageUp aria-hidden size={24} strokeWidth={1.75} className="shrink-0 text-soft" />
            )}
            <span className="min-w-0 text-sm">
              <span className="block font-medium wrap-anywhere">
                {chosen ?? t(logo ? "logoReplace" : "logoChoose")}
              </span>
              <span
                className={classNames(
                  "text-soft",
                  !chosen && "max-sm:hidden pointer-coarse:hidden",
                )}
              >
                {t(chosen ? "logoOther" : "logoDrop")}
              </span>
            </span>
            {/* Covers the tile, because browsers let a file be dropped on it. */}
            <input
              {...control}
              type="file"
              name="logo"
              accept="image/png,image/jpeg,image/webp"
              className="absolute inset-0 cursor-pointer opacity-0"
              onChange={({ currentTarget }) => setChosen(currentTarget.files?.[0]?.name ?? null)}
            />
          </div>
        )}
      </Field>
      {logo && <Checkbox name="removeLogo" label={t("logoRemove")} />}
    </div>
  )
}

const SCHEMES = [
  { name: "light", ...LIGHT },
  { name: "dark", ...DARK },
] as const

/** Says for both colour schemes which colour an accent becomes, and its contrast on the page. */
function AccentNotes({ accent }: { accent: string }) {
  const t = useTranslations("settings.branding")
  const schemes = useTranslations("member.preview")
  const palettes = palettesOf(accent)
  return (
    <ul className="-mt-3 text-xs text-soft">
      {SCHEMES.map(({ name, papers: [paper] }) => {
        const colour = palettes[name].accent
        const ratio = contrast(colour, paper).toFixed(1)
        return (
          <li key={name}>
            {schemes(name)}. {t("contrast", { ratio: `${ratio}:1` })}.{" "}
            {palettes.isExact[name] ? t("exact") : t("moved", { colour })}
          </li>
        )
      })}
    </ul>
  )
}
