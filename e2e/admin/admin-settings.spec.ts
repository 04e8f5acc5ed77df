import { DAY, inDays } from "#testing/units.ts"
import { expectNoViolations } from "../browser/axe.ts"
import { WIDTHS } from "../browser/widths.ts"
import { png } from "../files/make-files.ts"
import { expect, test } from "../fixtures.ts"
import type { MemberClient } from "../member-client.ts"

// The browser logs refused requests and closed links.
test.use({ allowed: [/status of (400|403|410)/] })

/** Resets all settings to their defaults. */
async function resetSettings(admin: MemberClient) {
  const { settings, branding } = await (await admin.get("/admin/settings")).json()
  const clear = Object.fromEntries(Object.keys(branding).map((name) => [name, null]))
  await admin.patch("/admin/settings", { reset: Object.keys(settings), branding: clear })
}

test.afterEach(({ admin }) => resetSettings(admin))

for (const width of WIDTHS) {
  test(`at ${width} px an admin says how long shares may last, by keyboard, and ends the others earlier`, async ({
    adminPage: page,
    admin,
    owner,
  }) => {
    await page.setViewportSize({ width, height: 900 })
    await admin.post("/admin/shares/revoke", { all: true })
    const never = await owner.share("never.pdf", { title: "Never ends", expiresAt: null })
    const soon = await owner.share("soon.pdf", { title: "Ends soon", expiresAt: inDays(1) })

    await page.goto("/admin/settings")
    await page.getByLabel("Maximum share duration").focus()
    await page.keyboard.type("5")
    const bar = page.getByRole("region", { name: "Unsaved changes" })
    await expect(bar).toContainText("1 unsaved change")
    await page.keyboard.press("Enter")
    await expect(bar.getByText("Saved: Maximum share duration.")).toBeVisible()
    await expect(bar.getByText("1 open share doesn’t meet these settings.")).toBeVisible()
    await expect(bar).toBeFocused()
    await expect(page.getByText("Set here. Resets to: no limit.")).toBeVisible()

    await page.getByRole("link", { name: "View shares" }).focus()
    await page.keyboard.press("Enter")
    const row = page.getByRole("row").filter({ hasText: "Never ends" })
    await expect(row).toContainText("expires too late")
    await page.getByRole("button", { name: "Count affected shares" }).focus()
    await page.keyboard.press("Enter")
    const asked = page.getByRole("alertdialog", { name: "Shorten 1 share?" })
    // The dialog takes the focus when it opens.
    await expect(asked.getByRole("button", { name: "Cancel" })).toBeFocused()
    await asked.getByRole("button", { name: "Shorten 1 share" }).press("Enter")
    await expect(page.getByText("All open shares meet these settings.")).toBeVisible()

    const ends = async (id: string) => (await (await owner.get(`/shares/${id}`)).json()).expiresAt
    expect(Math.round((Date.parse(await ends(never.id)) - Date.now()) / DAY)).toBe(5)
    expect(Math.round((Date.parse(await ends(soon.id)) - Date.now()) / DAY)).toBe(1)

    const body = { fileIds: never.files.map(({ id }) => id), expiresAt: null }
    expect((await owner.post("/shares", body)).status()).toBe(400)
    await page.getByRole("button", { name: "Reset: Maximum share duration" }).click()
    await expect(page.getByText("Set here.")).toHaveCount(0)
    expect((await owner.post("/shares", body)).status()).toBe(201)
  })
}

test("required and disabled features apply to the API at once, with a message", async ({
  adminPage: page,
  admin,
  owner,
  visitor,
}) => {
  const share = await owner.share("plan.pdf")
  await visitor.goto(share.url)
  await expect(visitor.getByRole("link", { name: "Preview file" })).toBeVisible()

  await page.goto("/admin/settings")
  await page.getByRole("switch", { name: "Require a password for every share" }).check()
  await page.getByRole("switch", { name: "Previews" }).uncheck()
  await page.getByRole("textbox", { name: "Blocked file types" }).fill(".exe, js")
  const bar = page.getByRole("region", { name: "Unsaved changes" })
  await expect(bar).toContainText("3 unsaved changes")
  await bar.getByRole("button", { name: "Save" }).click()
  await expect(bar).toContainText(
    "Saved: Require a password for every share, Blocked file types, Previews.",
  )
  const { settings } = await (await admin.get("/admin/settings")).json()
  expect(settings).toMatchObject({
    passwordRequired: { source: "admin" },
    limitRequired: { source: "default" },
    maxShareDays: { value: null, source: "default" },
  })

  const refused = await owner.post("/shares", { fileIds: share.files.map(({ id }) => id) })
  expect([refused.status(), await refused.json()]).toMatchObject([
    403,
    { code: "not_allowed", title: "Shares require a password. Set one." },
  ])
  const upload = await owner.post("/files", { name: "setup.exe", size: 1, contentType: "a/b" })
  expect([upload.status(), (await upload.json()).code]).toEqual([403, "not_allowed"])
  await visitor.reload()
  await expect(visitor.getByRole("button", { name: /^Download/ })).toBeVisible()
  await expect(visitor.getByRole("link", { name: "Preview file" })).toHaveCount(0)
})

test("a refused save keeps everything that was typed, and leads to the field with the error", async ({
  adminPage: page,
  admin,
}) => {
  await page.goto("/admin/settings")
  const bar = page.getByRole("region", { name: "Unsaved changes" })
  const types = page.getByRole("textbox", { name: "Blocked file types" })
  const colour = page.getByRole("checkbox", { name: "Use a custom accent colour" })
  await types.fill("not a type!")
  await page.getByLabel("Audit log", { exact: true }).fill("90")
  await colour.check()
  await page.getByLabel("Accent colour", { exact: true }).fill("#2f6f4f")
  await expect(bar).toContainText("3 unsaved changes")
  await bar.getByRole("button", { name: "Save" }).click()

  await expect(page.getByText("Enter file types like pdf")).toBeVisible()
  await expect(bar.getByRole("alert")).toHaveText("Nothing was saved. Correct the marked field.")
  await expect(types).toBeFocused()
  await expect(types).toBeInViewport()
  await expect(types).toHaveValue("not a type!")
  await expect(page.getByLabel("Audit log", { exact: true })).toHaveValue("90")
  await expect(colour).toBeChecked()
  const { settings, branding } = await (await admin.get("/admin/settings")).json()
  expect(settings.auditDays.source).toBe("default")
  expect(branding.accent).toBeNull()

  await types.fill("exe")
  await bar.getByRole("button", { name: "Save" }).click()
  await expect(bar).toContainText("Saved: Blocked file types, Audit log, Accent colour.")
  expect((await (await admin.get("/admin/settings")).json()).branding.accent).toBe("#2f6f4f")
})

test("unsaved settings are counted, can be discarded, and are not left without a question", async ({
  adminPage: page,
}) => {
  await page.goto("/admin/settings")
  const bar = page.getByRole("region", { name: "Unsaved changes" })
  const days = page.getByLabel("Maximum share duration")
  await expect(bar.getByRole("button")).toHaveCount(0)
  await days.fill("9")
  await page.getByLabel("Footer note").fill("Ask Ida.")
  await expect(bar).toContainText("2 unsaved changes")
  await days.fill("")
  await expect(bar).toContainText("1 unsaved change")
  await expect(bar).toBeInViewport()

  await page.getByRole("link", { name: "Audit log" }).click()
  const asked = page.getByRole("alertdialog", { name: "Leave without saving?" })
  await asked.getByRole("button", { name: "Keep editing" }).click()
  await expect(page).toHaveURL("/admin/settings")
  await expect(page.getByLabel("Footer note")).toHaveValue("Ask Ida.")
  const unload = page.waitForEvent("dialog")
  await page.evaluate(() => setTimeout(() => location.reload()))
  const question = await unload
  expect(question.type()).toBe("beforeunload")
  await question.dismiss()

  await bar.getByRole("button", { name: "Discard" }).click()
  await expect(page.getByLabel("Footer note")).toHaveValue("")
  await expect(bar.getByRole("button")).toHaveCount(0)
  await days.fill("9")
  await page.getByRole("link", { name: "Audit log" }).click()
  await asked.getByRole("button", { name: "Leave page" }).click()
  await expect(page).toHaveURL("/admin/audit")
  const nav = page.getByRole("navigation", { name: "Admin" })
  await nav.getByRole("link", { name: "Members" }).click()
  await expect(page).toHaveURL("/admin/members")
})

test("visitors, guests and members see the branding on every page, under the content security policy", async ({
  adminPage: page,
  admin,
  owner,
  browse,
}, testInfo) => {
  const open = await owner.share("plan.pdf")
  const locked = await owner.share("locked.pdf", { password: "open sesame" })
  const ended = await owner.share("ended.pdf")
  await owner.post(`/shares/${ended.id}/revoke`, {})
  const invitation = (await (await admin.post("/admin/users/invites", {})).json()).url

  await page.goto("/admin/settings")
  const brand = page.locator("section").filter({ hasText: "Branding" })
  await brand.getByLabel("Name").fill("Harbour & Co")
  await brand.getByLabel("Logo").setInputFiles({
    name: "logo.png",
    mimeType: "image/png",
    buffer: png(80, 40),
  })
  await brand.getByRole("checkbox", { name: "Use a custom accent colour" }).check()
  await brand.getByLabel("Accent colour", { exact: true }).fill("#ffd400")
  await expect(brand.getByText(/Light\. Contrast .*hard to read here/)).toBeVisible()
  await expect(brand.getByText(/Dark\. Contrast .*used unchanged/)).toBeVisible()
  await brand.getByLabel("Imprint URL").fill("https://harbour.example/imprint")
  await brand.getByLabel("Footer note").fill("Questions? Ask Ida.")
  const bar = page.getByRole("region", { name: "Unsaved changes" })
  await expect(bar).toContainText("5 unsaved changes")
  await bar.getByRole("button", { name: "Save" }).click()
  await expect(bar).toContainText("Saved: Name, Accent colour, Imprint URL, Footer note, Logo.")

  for (const colorScheme of ["light", "dark"] as const) {
    const visitor = await browse({ colorScheme, reducedMotion: "reduce" })
    for (const { url } of [open, locked, ended]) {
      await visitor.goto(url)
      await expect(visitor).toHaveTitle(/· Harbour & Co$/)
      const logo = visitor.locator("header img")
      await expect
        .poll(() => logo.evaluate((img) => img instanceof HTMLImageElement && img.naturalWidth))
        .toBe(80)
      await expect(visitor.getByRole("link", { name: "Imprint" })).toBeVisible()
      await expect(visitor.getByText("Questions? Ask Ida.")).toBeVisible()
      await expectNoViolations(visitor, `${url} in ${colorScheme}`, { bothSchemes: false })
    }
    await visitor.screenshot({ path: testInfo.outputPath(`${colorScheme}.png`) })
    await visitor.goto("/sign-in")
    await expect(visitor).toHaveTitle("Sign in · Harbour & Co")
    await expect(visitor.getByRole("banner")).toHaveText("Harbour & Co")
    await expectNoViolations(visitor, `sign-in in ${colorScheme}`, { bothSchemes: false })
    await visitor.goto(invitation)
    await expect(visitor.getByRole("heading", { level: 1 })).toHaveText("Join Harbour & Co")
  }
})
