import type { CSSProperties } from "react"
import { type Palette, palettesOf } from "#lib/settings/palette.ts"

const NAMES = ["accent", "hover", "deep", "wash", "ink"] as const

// A function of the accent alone, which is the same for page after page.
let last: { accent: string; style: CSSProperties } | undefined

/** The custom properties by which visitor.css draws a page in this accent. */
export function brandStyle(accent: string): CSSProperties {
  if (last?.accent !== accent) {
    const { light, dark } = palettesOf(accent)
    last = { accent, style: { ...propertiesOf("light", light), ...propertiesOf("dark", dark) } }
  }
  return last.style
}

const propertiesOf = (scheme: string, palette: Palette): CSSProperties =>
  Object.fromEntries(NAMES.map((name) => [`--${scheme}-${name}`, palette[name]]))
