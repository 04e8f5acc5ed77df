import { useTranslations } from "next-intl"
import { contrast, DARK, LIGHT, palettesOf } from "#lib/rooms/settings/palette.ts"

const SCHEMES = [
  { name: "light", ...LIGHT },
  { name: "dark", ...DARK },
] as const

/** Says for both colour schemes which colour an accent becomes, and its contrast on the page. */
export function AccentNotes({ accent }: { accent: string }) {
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
