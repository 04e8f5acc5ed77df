import type { CSSProperties } from "react"
import { type Palette, palettesOf } from "#lib/rooms/settings/palette.ts"

const NAMES = ["accent", "hover", "deep", "wash", "ink"] as const

// Cached, because the style depends only on the accent, which is the same for all pages.
let last: { accent: string; style: CSSProperties } | undefined

/** The custom properties for theme.css that give a page this accent colour. */
export function brandStyle(accent: string): CSSProperties {
  if (last?.accent !== accent) {
    const { light, dark } = palettesOf(accent)
    last = { accent, style: { ...propertiesOf("light", light), ...propertiesOf("dark", dark) } }
  }
  return last.style
}

const propertiesOf = (scheme: string, palette: Palette): CSSProperties =>
  Object.fromEntries(NAMES.map((name) => [`--${scheme}-${name}`, palette[name]]))
