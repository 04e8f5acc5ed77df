import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { contrast, DARK, LIGHT, type Palette, palettesOf } from "./palette.ts"

const theme = readFileSync(new URL("../../../components/ui/theme.css", import.meta.url), "utf8")

/** Colours in steps of each channel, including black and white. */
function* manyColours() {
  for (let red = 0; red <= 255; red += 51) {
    for (let green = 0; green <= 255; green += 51) {
      for (let blue = 0; blue <= 255; blue += 51) {
        yield `#${[red, green, blue].map((one) => one.toString(16).padStart(2, "0")).join("")}`
      }
    }
  }
}

/** The lowest contrast of any text with its background. */
const leastOf = (palette: Palette, { papers }: typeof LIGHT | typeof DARK) =>
  Math.min(
    ...papers.map((paper) => contrast(palette.accent, paper)),
    ...papers.map((paper) => contrast(palette.deep, paper)),
    contrast(palette.ink, palette.accent),
    contrast(palette.ink, palette.hover),
    contrast(palette.deep, palette.wash),
    contrast(palette.hover, palette.wash),
  )

describe("palettesOf", () => {
  it("can be read in both schemes, whatever the accent", () => {
    for (const colour of manyColours()) {
      const { light, dark } = palettesOf(colour)
      expect([colour, leastOf(light, LIGHT) >= 4.5, leastOf(dark, DARK) >= 4.5]).toEqual([
        colour,
        true,
        true,
      ])
    }
  })

  it("keeps a readable accent, and says where it had to change one", () => {
    expect(palettesOf("#c2410c")).toMatchObject({
      light: { accent: "#c2410c" },
      isExact: { light: true, dark: false },
    })
    expect(palettesOf("#ffd400").isExact).toEqual({ light: false, dark: true })
  })

  it("uses the background colours that the pages have", () => {
    const papers = [...theme.matchAll(/--color-(?:paper|raised): (#[0-9a-f]{6});/g)]
    expect(papers.slice(0, 4).map(([, colour]) => colour)).toEqual([
      ...LIGHT.papers,
      ...DARK.papers,
    ])
  })

  it("measures contrast as WCAG does", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21)
    expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2)
  })
})
