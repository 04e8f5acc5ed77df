import { useTranslations } from "next-intl"
import { contrast, DARK, LIGHT, palettesOf } from "#lib/rooms/settings/palette.ts"

const SCHEMES = [
  { name: "light", ...LIGHT, text: "#1c1a17", soft: "#68635a" },
  { name: "dark", ...DARK, text: "#f0ece3", soft: "#a39c90" },
] as const

/**
 * Previews an accent colour on a link's page in both colour schemes, with the button's contrast.
 */
export function AccentPreview({ accent }: { accent: string }) {
  const t = useTranslations("settings.branding")
  const palettes = palettesOf(accent)
  return (
    <figure>
      <figcaption className="mb-2 text-sm font-medium">{t("preview")}</figcaption>
      <div className="grid gap-4 sm:grid-cols-2">
        {SCHEMES.map(({ name, papers: [paper], text, soft }) => {
          const palette = palettes[name]
          const ratio = contrast(palette.accent, paper).toFixed(1)
          return (
            <div key={name}>
              <div
                className="rounded-[10px] border border-line p-4 forced-color-adjust-none"
                style={{ background: paper, color: text }}
              >
                <p className="text-sm" style={{ color: soft }}>
                  {t("sender")}
                </p>
                <p className="mt-0.5 mb-3 font-semibold">report.pdf</p>
                <span
                  className="block rounded-[10px] px-4 py-2.5 text-center font-semibold"
                  style={{ background: palette.accent, color: palette.ink }}
                >
                  {t("download")}
                </span>
              </div>
              <p className="mt-1.5 text-xs text-soft">
                {t(name)}. {t("contrast", { ratio: `${ratio}:1` })}.{" "}
                {palettes.isExact[name] ? t("exact") : t("moved", { colour: palette.accent })}
              </p>
            </div>
          )
        })}
      </div>
    </figure>
  )
}
