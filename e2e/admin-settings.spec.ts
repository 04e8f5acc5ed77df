import { expectNoViolations } from "./axe.ts"
import { expect, test } from "./fixtures.ts"
import { png } from "./make-files.ts"
import type { MemberClient } from "./member-client.ts"
import { WIDTHS } from "./widths.ts"

// The browser logs refused requests and closed links.
test.use({ allowed: [/status of (400|403|410)/] })

const DAY = 86_400_000
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString()

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
    await page.keyboard.press("Enter")
    await expect(page.getByText("1 open share doesn’t meet these settings.")).toBeVisible()
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
  const shares = page.locator("section").filter({ hasText: "Maximum share duration" })
  await shares.getByRole("button", { name: "Save" }).click()
  await expect(shares.getByText("Saved.")).toBeVisible()
  const life = shares.getByLabel("Maximum share duration")
  await life.fill("soon")
  await shares.getByRole("button", { name: "Save" }).click()
  await expect(shares.getByText("Enter a number of days.")).toBeVisible()
  await expect(life).toHaveValue("soon")
  const { settings } = await (await admin.get("/admin/settings")).json()
  expect(settings).toMatchObject({
    passwordRequired: { source: "admin" },
    limitRequired: { source: "default" },
    maxShareDays: { value: null, source: "default" },
  })
  await page.getByRole("switch", { name: "Previews" }).uncheck()
  const links = page.locator("section").filter({ hasText: "Link features" })
  await links.getByRole("button", { name: "Save" }).click()
  await expect(links.getByText("Saved.")).toBeVisible()
  await page.getByRole("textbox", { name: "Blocked file types" }).fill(".exe, js")
  const files = page.locator("section").filter({ hasText: "Maximum file size" })
  await files.getByRole("button", { name: "Save" }).click()
  await expect(files.getByText("Saved.")).toBeVisible()

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

  await page.getByRole("textbox", { name: "Blocked file types" }).fill("not a type!")
  await files.getByRole("button", { name: "Save" }).click()
  await expect(page.getByText("Enter file types like pdf")).toBeVisible()
  await expect(page.getByRole("textbox", { name: "Blocked file types" })).toHaveValue("not a type!")
})

test("visitors see the branding on an open, a locked and a closed link, under the content security policy", async ({
  adminPage: page,
  owner,
  browse,
}, testInfo) => {
  const open = await owner.share("plan.pdf")
  const locked = await owner.share("locked.pdf", { password: "open sesame" })
  const ended = await owner.share("ended.pdf")
  await owner.post(`/shares/${ended.id}/revoke`, {})

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
  await brand.getByRole("button", { name: "Save" }).click()
  await expect(brand.getByText("Saved.")).toBeVisible()

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
  }
})
