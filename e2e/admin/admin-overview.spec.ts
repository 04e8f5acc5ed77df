import { WIDTHS } from "../browser/widths.ts"
import { expect, test } from "../fixtures.ts"

const VERSION = /^Lapse \d+\.\d+\.\d+(, commit [0-9a-f]{12})?$/

for (const width of WIDTHS) {
  test(`at ${width} px an admin sees what is open and what happened, as a chart and a table, and opens a file of a member`, async ({
    adminPage: page,
    admin,
    owner,
    visitor,
  }) => {
    await page.setViewportSize({ width, height: 900 })
    await admin.post("/admin/shares/revoke", { all: true })
    const name = `harbour at dawn ${width}.pdf`
    const share = await owner.share(name, { title: `Dawn ${width}` })
    await visitor.goto(share.url)
    await expect(visitor.getByRole("button", { name: /^Download/ })).toBeVisible()

    await page.goto("/admin")
    await expect(page.getByRole("definition").first()).toHaveText("1")
    const chart = page.locator("section").filter({ hasText: "Views and downloads" })
    await expect(chart.getByRole("img")).toHaveAccessibleName(
      /^Views, the last 30 days: \d+ in total, .* Downloads, the last 30 days: \d+ in total/,
    )
    await chart.getByText("View as table").click()
    const today = new Date().toLocaleDateString("en-GB", { dateStyle: "medium", timeZone: "UTC" })
    await expect(chart.getByRole("row").filter({ hasText: today })).toContainText(/[1-9]/)
    // The checks ran at the start: this address is for this machine alone, and no backup is made.
    await expect(page.getByText("2 checks need attention")).toBeVisible()
    await expect(page.getByText("Address · Last backup")).toBeVisible()
    await expect(page.getByText(/^\d+ of \d+, /)).toBeVisible()
    await expect(page.getByText("No failing jobs.")).toBeVisible()
    await expect(page.getByText(VERSION)).toBeVisible()
    expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false)

    await page.getByRole("link", { name: "All files" }).click()
    await expect(page.getByText(VERSION)).toBeVisible()
    await page.getByLabel("Search all files by name").fill(`at dawn ${width}`)
    await page.waitForURL(/q=at/)
    await page.getByRole("link", { name }).click()
    await expect(page.getByRole("heading", { name: "In 1 share" })).toBeVisible()
    await expect(page.getByRole("link", { name: "Nora North" })).toBeVisible()
    await page.getByRole("link", { name: `Dawn ${width}` }).click()
    await expect(page.getByRole("heading", { name: `Dawn ${width}` })).toBeVisible()
    await expect(page.getByText("Opened").first()).toBeVisible()

    await page.goto("/admin/panic")
    const panic = page.getByRole("link", { name: "Emergency revoke", exact: true })
    await expect(panic).toBeInViewport({ ratio: 0.9 })
    const tabs = page.getByRole("navigation", { name: "Admin" })
    const [last, row] = [await panic.boundingBox(), await tabs.boundingBox()]
    // It stands apart, at the end of the row.
    const end = (box: typeof row) => (box?.x ?? 0) + (box?.width ?? 0)
    expect(Math.abs(end(row) - end(last))).toBeLessThan(6)
    if (width < 768) {
      await tabs.evaluate((element) => element.scrollBy(-12, 0))
      await expect(tabs).toHaveCSS("--fade-end", "40px")
    }

    await page.goto(`/admin/files?q=at+dawn+${width}`)
    const select = page.getByRole("button", { name: "Select", exact: true })
    if (width < 768) await select.click()
    await page.getByRole("checkbox", { name: `Select ${name}` }).check()
    await page.getByRole("button", { name: "Delete…" }).click()
    const asked = page.getByRole("alertdialog", { name: "Delete 1 file?" })
    await expect(asked).toContainText("1 of them is in open shares")
    await asked.getByRole("button", { name: "Delete", exact: true }).click()
    await expect(page.getByText("1 file deleted.")).toBeVisible()
    expect((await owner.get(`/files/${share.files[0]?.id}`)).status()).toBe(404)
  })
}
