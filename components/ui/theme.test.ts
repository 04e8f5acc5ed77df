import { readFileSync } from "node:fs"
import { expect, it } from "vitest"
import { contrast } from "#lib/rooms/settings/palette.ts"

const theme = readFileSync(new URL("./theme.css", import.meta.url), "utf8")
const [light = "", dark = ""] = theme.split("prefers-color-scheme: dark")

const coloursOf = (css: string) =>
  Object.fromEntries(
    [...css.matchAll(/--color-([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = "", colour = ""]) => [
      name,
      colour,
    ]),
  )

const TEXTS: [text: string, backgrounds: string[]][] = [
  ["ink", ["paper", "raised", "selected", "wash"]],
  ["soft", ["paper", "raised", "selected"]],
  ["accent", ["paper", "raised"]],
  ["accent-deep", ["paper", "raised", "wash"]],
  ["accent-ink", ["accent", "accent-hover"]],
  ["ok", ["paper", "raised"]],
  ["danger", ["paper", "raised", "danger-wash"]],
  ["warning-ink", ["warning"]],
  ["success-ink", ["success"]],
  ["request-ink", ["request"]],
]

/** WCAG 2.2 asks for 4.5:1 for text (1.4.3), and 3:1 for the border of a control (1.4.11). */
it.each([
  ["light", coloursOf(light)],
  ["dark", { ...coloursOf(light), ...coloursOf(dark) }],
])("every text and every border of a control has its contrast in the %s scheme", (_, colours) => {
  const between = (one: string, other: string) => contrast(colours[one] ?? "", colours[other] ?? "")
  const texts = TEXTS.flatMap(([text, backgrounds]) =>
    backgrounds.map((background) => ({ text, background, ratio: between(text, background) })),
  )

  expect(texts.filter(({ ratio }) => !(ratio >= 4.5))).toEqual([])
  expect(between("edge", "paper")).toBeGreaterThanOrEqual(3)
})
