/** The colours computed from an accent, for one colour scheme, all as #rrggbb. */
export type Palette = {
  /** The colour of buttons, links and rings. */
  accent: string
  hover: string
  /** The accent as text on the wash. */
  deep: string
  wash: string
  /** Text on the accent. */
  ink: string
}

type Palettes = {
  light: Palette
  dark: Palette
  /** Whether the accent itself is used. Otherwise it is made darker or lighter to be readable. */
  isExact: { light: boolean; dark: boolean }
}

/** WCAG 2.2, 1.4.3: the contrast for text of normal size. */
const READABLE = 4.5
const STEP = 0.02

// The colours of components/ui/theme.css; a test compares them.
export const LIGHT = { papers: ["#fbfaf7", "#ffffff"], ink: "#ffffff", away: "#000000" } as const
export const DARK = { papers: ["#151412", "#1d1b18"], ink: "#151412", away: "#ffffff" } as const

type Scheme = typeof LIGHT | typeof DARK

/**
 * Computes the colours for an accent (#rrggbb) in both schemes. If the accent would not be readable
 * on the page, or text on it would not, a darker or lighter colour is used instead.
 */
export function palettesOf(accent: string): Palettes {
  const light = paletteOf(accent, LIGHT, 0.1)
  const dark = paletteOf(accent, DARK, 0.16)
  const isExact = { light: light.accent === accent, dark: dark.accent === accent }
  return { light, dark, isExact }
}

function paletteOf(wanted: string, { papers, ink, away }: Scheme, wash: number): Palette {
  const accent = moved(wanted, away, [...papers, ink])
  const washed = mix(papers[0], accent, wash)
  const deep = moved(accent, away, [washed, ...papers])
  return { accent, ink, deep, wash: washed, hover: moved(mix(accent, away, 0.15), away, [washed]) }
}

/** Moves a colour away from other colours until it has enough contrast with each. */
function moved(colour: string, away: string, from: readonly string[]): string {
  for (let share = 0; share < 1; share += STEP) {
    const candidate = mix(colour, away, share)
    if (from.every((one) => contrast(candidate, one) >= READABLE)) return candidate
  }
  return away
}

/** Returns the contrast of two colours by WCAG 2.2, from 1 to 21. */
export function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (lighter + 0.05) / (darker + 0.05)
}

function luminance(colour: string) {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((channel) => {
    const value = channel / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

const channels = (colour: string) =>
  [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))

function mix(colour: string, other: string, share: number): string {
  const others = channels(other)
  const mixed = channels(colour).map((channel, index) =>
    Math.round(channel + ((others[index] ?? 0) - channel) * share),
  )
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`
}
