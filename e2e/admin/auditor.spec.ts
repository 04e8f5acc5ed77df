import { WIDTHS } from "../browser/widths.ts"
import { expect, test } from "../fixtures.ts"

// The browser logs the pages that an auditor does not get.
test.use({ allowed: [/status of 404/] })

for (const width of WIDTHS) {
  test(`at ${width} px an auditor reads shares, requests, files and the audit log of others, and finds nothing that changes them`, async ({
    admin,
    browse,
    join,
  }) => {
    const title = `Harbour plans ${width}`
    const member = await join(`Vera Visible ${width}`)
    const share = await member.share("plans.pdf", { title })
    const request = await (
      await member.post("/requests", { title: `Plans, please ${width}`, folder: "Inbox" })
    ).json()
    const auditor = await join(`Otto Auditor ${width}`)
    const { id } = await (await auditor.get("/me")).json()
    await admin.patch(`/admin/users/${id}`, { role: "auditor" })

    const page = await browse({
      storageState: await auditor.context.storageState(),
      viewport: { width, height: 900 },
    })
    await page.goto("/shares")
    await page.getByRole("link", { name: "Admin", exact: true }).click()
    await page.waitForURL("**/admin/audit")
    await expect(page.getByRole("row").filter({ hasText: title })).toHaveCount(1)
    await page.getByText("Filters and export").click()
    const download = page.waitForEvent("download")
    await page.getByRole("link", { name: "CSV" }).click()
    expect((await download).suggestedFilename()).toBe("audit-log.csv")

    const row = page.getByRole("main").getByRole("listitem")
    for (const [path, text] of [
      ["shares", title],
      ["requests", `Plans, please ${width}`],
      ["files", "plans.pdf"],
    ] as const) {
      await page.goto(`/admin/${path}?q=${encodeURIComponent(text)}`)
      const first = row.filter({ hasText: text }).first()
      await expect(first).toBeVisible()
      await expect(page.getByRole("checkbox")).toHaveCount(0)
      if (path !== "files") {
        await first.getByRole("button", { name: /^Actions for|^More/ }).click()
        await expect(page.getByRole("menuitem")).toHaveCount(1)
        await page.keyboard.press("Escape")
      }
    }
    const fileId = share.files[0]?.id
    for (const path of [`shares/${share.id}`, `requests/${request.id}`, `files/${fileId}`]) {
      await page.goto(`/admin/${path}`)
      await expect(page.getByRole("heading", { level: 1 })).toContainText(/plans/i)
      const acts = page.getByRole("button", { name: /revoke|restore|hold|release|delete/i })
      await expect(acts).toHaveCount(0)
      expect(await page.content()).not.toContain(share.url)
    }
    for (const path of ["", "/members", "/settings", "/panic", "/checks"]) {
      const answer = await page.goto(`/admin${path}`)
      expect([path, answer?.status()]).toEqual([path, 404])
    }
  })
}
