import { type Palette, palettesOf } from "#lib/rooms/settings/palette.ts"

const NAMES = ["accent", "hover", "deep", "wash", "ink"] as const

// Cached, because the style depends only on the accent, which is the same for all pages.
let last: { accent: string; style: string } | undefined

/** The custom properties with which visitor.css draws a page in this accent colour. */
export function brandStyle(accent: string): string {
  if (last?.accent !== accent) {
    const { light, dark } = palettesOf(accent)
    last = {
      accent,
      style: [...propertiesOf("light", light), ...propertiesOf("dark", dark)].join(";"),
    }
  }
  return last.style
}

const propertiesOf = (scheme: string, palette: Palette) =>
  NAMES.map((name) => `--${scheme}-${name}:${palette[name]}`)
