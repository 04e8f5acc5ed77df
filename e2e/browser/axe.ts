import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { expect, type Page } from "@playwright/test"
import type axe from "axe-core"

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")

/**
 * Checks that axe finds no violation on the page, or within the elements of a selector, such as a
 * dialog on a page that was checked before. Frames are left out: the only one that Lapse
 * writes shows a visitor's page, which has separate checks.
 */
export async function expectNoViolations(page: Page, where = page.url(), within?: string) {
  // Next sends the title of a page that is opened by a link after the page itself.
  await expect(page).toHaveTitle(/./)
  expect(await breachesOf(page, within), where).toEqual([])
}

type WithAxe = Window & { axe: typeof axe }

async function breachesOf(page: Page, within?: string) {
  // A document keeps axe, which takes longer to load than to run, until it is left.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE)
  const violations = await page.evaluate(async (within) => {
    const { violations } = await (window as unknown as WithAxe).axe.run(within ?? document, {
      iframes: false,
      resultTypes: ["violations"],
    })
    return violations
  }, within)
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}\n${failureSummary}`),
  )
}
