import { expect, type Page } from "@playwright/test"
import { countedOf, countsOf, stateOf, storageOf } from "./expected.ts"
import { chartLabel, daysOf } from "./expected-charts.ts"
import { readList, textsOf } from "./read-pages.ts"
import type { Week } from "./start-week.ts"

export async function checkLists(week: Week, page: Page) {
  const plans = [...week.shares.values()]
  await page.goto("/shares")
  const own = await readList(page.getByRole("list", { name: "Shares" }))
  await page.goto("/admin/shares")
  const all = await readList(page.getByRole("list", { name: "All shares" }))
  for (const plan of plans) {
    const { views, previews } = countsOf(week, plan)
    const { column, line } = countedOf(week, plan)
    const cells = own.get(plan.title) ?? []
    expect(cells.slice(5, 8)).toEqual([`${views} Views`, `${previews} Previews`, column])
    const opened = views > 0 ? ` · ${views} view${views === 1 ? "" : "s"}` : ""
    const phone = new RegExp(`^[^·]+${opened} · ${line}`)
    expect(cells[2]).toMatch(phone)
    const row = all.get(plan.title) ?? []
    expect(row.slice(5, 7)).toEqual([`${views} Views`, column])
    expect(row[2]).toMatch(phone)
  }
  await page.goto("/shares")
  const inTab = (tab: string) => plans.filter((plan) => stateOf(week, plan).tab === tab).length
  expect(await textsOf(page.getByRole("navigation", { name: "Filter" }).getByRole("link"))).toEqual(
    [
      `All ${plans.length}`,
      ...["Open", "Scheduled", "Expired", "Revoked", "Used up"].map(
        (tab) => `${tab} ${inTab(tab)}`,
      ),
    ],
  )
}

export async function checkOverview(week: Week, page: Page) {
  const plans = [...week.shares.values()]
  const open = plans.map((plan) => stateOf(week, plan)).filter(({ tab }) => tab === "Open")
  const within = (days: number) => open.filter(({ endsInDays }) => endsInDays < days).length
  await page.goto("/admin")
  const [links] = await textsOf(page.locator("main dl").first().locator(":scope > div"))
  expect(links).toMatch(new RegExp(`^Open links ${open.length} `))
  const [one, many] = [/^1 share expires within a day$/, `${within(1)} shares expire within a day`]
  await expect(page.getByText(within(1) === 1 ? one : many)).toHaveCount(within(1) > 0 ? 1 : 0)
  const charts = await page
    .getByRole("img")
    .evaluateAll((all) => all.map((chart) => chart.getAttribute("aria-label")))
  const labels = [
    chartLabel("Views", daysOf(week, plans, "views", "UTC")),
    chartLabel("Downloads", daysOf(week, plans, "downloads", "UTC")),
  ]
  expect(charts).toEqual([labels.join(" ")])
  const refusals = week.diary.filter(({ kind }) => kind === "refused" || kind === "unlock_failed")
  await expect(
    page.getByText(`${refusals.length} visits were refused in the last 30 days`),
  ).toBeVisible()
}

/** Checks how many shares the questions before a revocation name, for the owner and an admin. */
export async function checkRevokes(week: Week, page: Page) {
  const plans = [...week.shares.values()]
  const revoked = plans.filter(({ isRevoked }) => isRevoked).length
  await page.goto("/shares")
  const asked = await askToRevokeAll(page, plans.length - revoked)
  await expect(asked).toContainText("1 more selected share is already revoked.")
  // An admin's revocation is final and includes those of owners; only open shares stop working.
  const open = plans.filter((plan) => /^(Open|Scheduled)$/.test(stateOf(week, plan).tab)).length
  await page.goto("/admin/shares")
  const askedAdmin = await askToRevokeAll(page, open)
  await expect(askedAdmin).toContainText(`${open} shares will be revoked.`)
  await expect(askedAdmin).toContainText(/revoked by (its|their) owners? (is|are) locked too/)
}

async function askToRevokeAll(page: Page, count: number) {
  await page.getByRole("checkbox", { name: "Select all" }).click()
  await page.getByRole("button", { name: "Revoke…" }).click()
  const asked = page.getByRole("alertdialog", { name: `Revoke ${count} shares?` })
  await expect(asked).toBeVisible()
  return asked
}

/** The page of the only member, and the storage on the overview. */
export async function checkMember(week: Week, page: Page) {
  const plans = [...week.shares.values()]
  const open = plans.filter((plan) => stateOf(week, plan).tab === "Open").length
  const { files, size } = storageOf(week)
  await page.goto("/admin")
  await expect(page.locator("main dl").first()).toContainText(`Storage${size}1 member`)
  await page.locator("main").getByRole("link", { name: "Ada" }).click()
  await page.waitForURL("**/admin/members/*")
  const facts = page.locator("main dl").first()
  await expect(facts).toContainText(`Storage${size}`)
  await expect(facts).toContainText(`Files${files}`)
  await expect(facts).toContainText(`Shares${plans.length}, ${open} open`)
}
