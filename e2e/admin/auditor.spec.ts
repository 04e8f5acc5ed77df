import { expectNoViolations } from "../browser/axe.ts"
import { WIDTHS } from "../browser/widths.ts"
import { expect, test } from "../fixtures.ts"

// The browser logs the pages that an auditor does not get.
test.use({ allowed: [/status of 404/] })

for (const width of WIDTHS) {
  test(`at ${width} px an auditor reads what admins read, and finds nothing that changes it`, async ({
    admin,
    browse,
    join,
  }) => {
    const title = `Harbour plans ${width}`
    const member = await join(`Vera Visible ${width}`)
    const share = await member.share("plans.pdf", { title })
    const request = await (
      await member.post("/requests", {
        title: `Plans, please ${width}`,
        folder: "Inbox",
        slug: `harbour-${width}-${Date.now()}`,
      })
    ).json()
    const recipient = await (
      await member.post(`/shares/${share.id}/links`, { recipient: "Pia Port", mail: false })
    ).json()
    const invited = await admin.post("/admin/users/invites", { email: `new-${width}@example.org` })
    const { url: invitation } = await invited.json()
    const slug = `divers-${width}-${Date.now()}`
    const made = await admin.post("/admin/teams", {
      name: "Divers",
      slug,
      manager: (await (await admin.get("/me")).json()).id,
    })
    const team = await made.json()
    const { id: memberId } = await (await member.get("/me")).json()
    await member.post("/tokens", { name: "Backup", scopes: ["files:read"] })
    const auditor = await join(`Otto Auditor ${width}`)
    const { id } = await (await auditor.get("/me")).json()
    await admin.patch(`/admin/users/${id}`, { role: "auditor" })

    const page = await browse({
      storageState: await auditor.context.storageState(),
      viewport: { width, height: 900 },
    })
    await page.goto("/shares")
    await page.getByRole("link", { name: "Admin", exact: true }).click()
    await expect(page.getByRole("heading", { name: "Overview", level: 1 })).toBeVisible()
    await page.goto("/admin/audit")
    await expect(page.getByRole("row").filter({ hasText: title }).first()).toBeVisible()
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
    }

    // The other pages have no button, and no field to type in.
    const controls = page
      .getByRole("main")
      .locator("button:visible, input:enabled:visible, select:enabled, textarea:enabled")
    const addresses = [share.url, request.url, request.slug, recipient.url, invitation].map(
      (address: string) => address.split("/").at(-1) ?? "",
    )
    for (const [path, text] of [
      ["", "Overview"],
      [`/members/${memberId}`, `Vera Visible ${width}`],
      ["/teams", "Divers"],
      [`/teams/${team.id}`, "Divers"],
      ["/checks", "Checks"],
      ["/settings/sharing", "Settings"],
      ["/settings/files", "Settings"],
      ["/settings/people", "Settings"],
      ["/settings/sign-in", "Settings"],
      ["/settings/branding", "Settings"],
      ["/settings/mail", "Settings"],
    ] as const) {
      expect([path, (await page.goto(`/admin${path}`))?.status()]).toEqual([path, 200])
      await expect(page.getByRole("main")).toContainText(text)
      await expect(controls).toHaveCount(0)
      await expectNoViolations(page, `${path} of an auditor`)
    }
    await page.goto(`/admin/members?q=Vera`)
    await expect(page.getByRole("link", { name: `Vera Visible ${width}` })).toBeVisible()
    await expect(page.getByText(`new-${width}@example.org`)).toBeVisible()
    await expect(
      page.getByRole("button", { name: /^Invite|^Actions|withdraw|copy|new link/i }),
    ).toHaveCount(0)
    for (const path of ["/members", "/shares", `/shares/${share.id}`, `/requests/${request.id}`]) {
      await page.goto(`/admin${path}`)
      const content = await page.content()
      expect([path, addresses.filter((part) => content.includes(part))]).toEqual([path, []])
    }
    expect((await page.goto("/admin/panic"))?.status()).toBe(404)
    // The link to the owner of what a team has.
    await page.goto(`/admin/members/${team.id}`)
    await page.waitForURL(`**/admin/teams/${team.id}`)
  })
}
