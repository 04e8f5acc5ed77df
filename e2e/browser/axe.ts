import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { expect, type Page } from "@playwright/test"
import type axe from "axe-core"

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")
const OTHER = { light: "dark", dark: "light" } as const

/**
 * Checks that axe finds no violation on the page in its colour scheme; rules that depend on colours
 * are also checked in the other scheme, unless the story opens the page in both. Frames are left
 * out: the only one that Lapse writes shows a visitor's page, which has separate checks.
 */
export async function expectNoViolations(
  page: Page,
  where = page.url(),
  { bothSchemes = true } = {},
) {
  // Next sends the title of a page that is opened by a link after the page itself.
  await expect(page).toHaveTitle(/./)
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

/**
 * Resolves once the colours match the scheme. A transition of an inherited colour begins when its
 * parent's transition ends. Runs in the browser.
 */
async function untilDrawn() {
  let transitions: Animation[]
  do {
    await new Promise(requestAnimationFrame)
    transitions = document.getAnimations().filter((each) => each instanceof CSSTransition)
    for (const each of transitions) each.finish()
  } while (transitions.length > 0)
}

const COLOURS = ["color-contrast", "link-in-text-block"]

type WithAxe = Window & { axe: typeof axe }

async function breachesOf(page: Page, rules?: string[]) {
  // A document keeps axe, which takes longer to load than to run, until it is left.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE)
  const violations = await page.evaluate(async (rules) => {
    const options = rules ? { runOnly: { type: "rule" as const, values: rules } } : {}
    const { violations } = await (window as unknown as WithAxe).axe.run(document, {
      ...options,
      iframes: false,
      resultTypes: ["violations"],
    })
    return violations
  }, rules)
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}\n${failureSummary}`),
  )
}
