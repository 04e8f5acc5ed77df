import AxeBuilder from "@axe-core/playwright"
import { expect, type Page } from "@playwright/test"

const OTHER = { light: "dark", dark: "light" } as const

/**
 * Checks that axe finds no violation on the page in its colour scheme; rules that depend on colours
 * are also checked in the other scheme, unless the story opens the page in both.
 */
export async function expectNoViolations(
  page: Page,
  where = page.url(),
  { bothSchemes = true } = {},
) {
  expect(await breachesOf(page), where).toEqual([])
  if (!bothSchemes) return
  const scheme = await page.evaluate(() =>
    matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
  )
  await page.emulateMedia({ colorScheme: OTHER[scheme] })
  await page.evaluate(untilDrawn)
  expect(await breachesOf(page, COLOURS), `${where} in ${OTHER[scheme]}`).toEqual([])
  await page.emulateMedia({ colorScheme: scheme })
  await page.evaluate(untilDrawn)
}

/** Resolves once the colours match the scheme. Runs in the browser. */
async function untilDrawn() {
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))
  for (const each of document.getAnimations()) if (each instanceof CSSTransition) each.finish()
}

const COLOURS = ["color-contrast", "link-in-text-block"]

async function breachesOf(page: Page, rules?: string[]) {
  // Legacy mode runs axe in this page, without a second page that would take the focus.
  const axe = new AxeBuilder({ page }).setLegacyMode(true)
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}\n${failureSummary}`),
  )
}
