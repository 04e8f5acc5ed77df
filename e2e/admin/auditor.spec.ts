import { WIDTHS } from "../browser/widths.ts"
import { expect, test } from "../fixtures.ts"

// The browser logs the pages and calls that an auditor does not get.
test.use({ allowed: [/status of (403|404)/] })

for (const width of WIDTHS) {
  test(`at ${width} px an auditor reads and exports the audit log, and gets no page or call that changes anything`, async ({
    admin,
    browse,
    join,
  }) => {
    const member = await join(`Vera Visible ${width}`)
    const share = await member.share("plans.pdf", { title: `Harbour plans ${width}` })
    const auditor = await join(`Otto Auditor ${width}`)
    const { id } = await (await auditor.get("/me")).json()
    await admin.patch(`/admin/users/${id}`, { role: "auditor" })

    const page = await browse({
      storageState: await auditor.context.storageState(),
      viewport: { width, height: 900 },
    })
    await page.goto("/shares")
    await page.getByRole("link", { name: width < 768 ? "Admin" : "Audit log", exact: true }).click()
    await page.waitForURL("**/admin/audit")
    await expect(page.getByRole("row").filter({ hasText: `Harbour plans ${width}` })).toHaveCount(1)
    await page.getByText("Filters and export").click()
    const download = page.waitForEvent("download")
    await page.getByRole("link", { name: "CSV" }).click()
    expect((await download).suggestedFilename()).toBe("audit-log.csv")

    for (const path of ["", "/shares", `/shares/${share.id}`, "/members", "/settings", "/panic"]) {
      const answer = await page.goto(`/admin${path}`)
      expect([path, answer?.status()]).toEqual([path, 404])
    }
    const read = await (await auditor.get(`/admin/shares/${share.id}`)).json()
    expect(read).toMatchObject({ title: `Harbour plans ${width}`, url: null })
  })
}
