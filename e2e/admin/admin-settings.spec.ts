import { expectNoViolations } from "../browser/axe.ts"
import { WIDTHS } from "../browser/widths.ts"
import { png } from "../files/make-files.ts"
import { expect, test } from "../fixtures.ts"
import { ADMIN } from "../installation/own-installation.ts"
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
  test(`at ${width} px an admin says how long new shares may last, by keyboard, and takes it back`, async ({
    adminPage: page,
    owner,
  }) => {
    await page.setViewportSize({ width, height: 900 })
    const never = await owner.share("never.pdf", { title: "Never ends", expiresAt: null })

    await page.goto("/admin/settings")
    await page.getByLabel("Maximum share duration").focus()
    await page.keyboard.type("5")
    const bar = page.getByRole("region", { name: "Unsaved changes" })
    await expect(bar).toContainText("1 unsaved change")
    await page.keyboard.press("Enter")
    await expect(bar.getByText("Maximum share duration saved")).toBeVisible()
    await expect(bar).toBeFocused()
    await expect(page.getByText("Set here. Resets to: no limit.")).toBeVisible()

    const kept = await (await owner.get(`/shares/${never.id}`)).json()
    expect(kept).toMatchObject({ status: "open", expiresAt: null })
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

  await page.goto("/admin/settings/sharing")
  await page.getByRole("switch", { name: "Require a password for every share" }).check()
  await page.getByRole("switch", { name: "Previews" }).uncheck()
  const bar = page.getByRole("region", { name: "Unsaved changes" })
  await expect(bar).toContainText("2 unsaved changes")
  await bar.getByRole("button", { name: "Save" }).click()
  await expect(bar).toContainText("Require a password for every share, Previews saved")
  const { settings } = await (await admin.get("/admin/settings")).json()
  expect(settings).toMatchObject({
    passwordRequired: { source: "admin" },
    maxShareDays: { value: null, source: "default" },
  })

  const refused = await owner.post("/shares", { fileIds: share.files.map(({ id }) => id) })
  expect([refused.status(), await refused.json()]).toMatchObject([
    403,
    { code: "not_allowed", title: "A password is required. Set one." },
  ])
  await visitor.reload()
  await expect(visitor.getByRole("button", { name: /^Download/ })).toBeVisible()
  await expect(visitor.getByRole("link", { name: "Preview file" })).toHaveCount(0)
})

test("a refused save keeps everything that was typed, and leads to the field with the error", async ({
  adminPage: page,
  admin,
}) => {
  await page.goto("/admin/settings/sharing")
  const bar = page.getByRole("region", { name: "Unsaved changes" })
  const most = page.getByLabel("Maximum share duration")
  const usual = page.getByLabel("Default share duration")
  await most.fill("0")
  await usual.fill("90")
  await expect(bar).toContainText("2 unsaved changes")
  await bar.getByRole("button", { name: "Save" }).click()

  await expect(page.getByText("Enter at least one day.")).toBeVisible()
  await expect(bar.getByRole("alert")).toHaveText("Nothing was saved. Correct the marked field.")
  await expect(most).toBeFocused()
  await expect(most).toBeInViewport()
  await expect(most).toHaveValue("0")
  await expect(usual).toHaveValue("90")
  const saved = async () => (await (await admin.get("/admin/settings")).json()).settings
  expect((await saved()).defaultShareDays.source).toBe("default")

  await most.fill("100")
  await bar.getByRole("button", { name: "Save" }).click()
  await expect(bar).toContainText("Maximum share duration, Default share duration saved")
  expect((await saved()).defaultShareDays.value).toBe(90)
})

test("unsaved settings are counted, can be discarded, and are not left without a question", async ({
  adminPage: page,
}) => {
  await page.goto("/admin/settings")
  await expect(page).toHaveURL("/admin/settings/sharing")
  const bar = page.getByRole("region", { name: "Unsaved changes" })
  const days = page.getByLabel("Maximum share duration")
  const usual = page.getByLabel("Default share duration")
  await expect(bar).toHaveText(/^Once saved, changes apply immediately to everyone/)
  await expect(bar.getByRole("button", { name: "Save" })).toBeDisabled()
  await days.fill("9")
  await usual.fill("3")
  await expect(bar).toContainText("2 unsaved changes")
  await expect(bar).toContainText("Maximum share duration, Default share duration")
  await days.fill("")
  await expect(bar).toContainText("1 unsaved change")
  await expect(bar).toBeInViewport()

  await page.getByRole("link", { name: "Audit log" }).click()
  const asked = page.getByRole("alertdialog", { name: "Leave without saving?" })
  await asked.getByRole("button", { name: "Keep editing" }).click()
  const pages = page.getByRole("navigation", { name: "Settings" })
  await pages.getByRole("link", { name: "Branding" }).click()
  await asked.getByRole("button", { name: "Keep editing" }).click()
  await expect(page).toHaveURL("/admin/settings/sharing")
  await expect(usual).toHaveValue("3")
  const unload = page.waitForEvent("dialog")
  await page.evaluate(() => setTimeout(() => location.reload()))
  const question = await unload
  expect(question.type()).toBe("beforeunload")
  await question.dismiss()

  await bar.getByRole("button", { name: "Discard" }).click()
  await expect(usual).not.toHaveValue("3")
  await expect(bar.getByRole("button", { name: "Save" })).toBeDisabled()
  await days.fill("9")
  await page.getByRole("link", { name: "Audit log" }).click()
  await asked.getByRole("button", { name: "Leave page" }).click()
  await expect(page).toHaveURL("/admin/audit")
  const nav = page.getByRole("navigation", { name: "Admin" })
  await nav.getByRole("link", { name: "Members" }).click()
  await expect(page).toHaveURL("/admin/members")
})

test("on a phone with its keyboard open the save bar covers no field, and nothing at the end of the form", async ({
  adminPage: page,
}) => {
  for (const height of [844, 560, 400]) {
    await page.setViewportSize({ width: 390, height })
    await page.goto("/admin/settings/sharing")
    await page.getByLabel("Maximum share duration").fill("9")
    const bar = page.getByRole("region", { name: "Unsaved changes" })
    await expect(bar).toContainText("1 unsaved change")
    const fields = page.locator("form").filter({ has: bar }).locator("input")
    for (const field of await fields.all()) {
      await field.focus()
      const [own, above] = [await field.boundingBox(), await bar.boundingBox()]
      expect((own?.y ?? 0) + (own?.height ?? 0)).toBeLessThanOrEqual(above?.y ?? 0)
      await expect(field).toBeInViewport({ ratio: 1 })
    }
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight))
    const last = await fields.last().boundingBox()
    const end = await bar.boundingBox()
    expect((last?.y ?? 0) + (last?.height ?? 0)).toBeLessThanOrEqual(end?.y ?? 0)
  }
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

  await page.goto("/admin/settings/branding")
  const brand = page.getByRole("main")
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
  await brand.getByLabel("Legal notice link").fill("https://harbour.example/imprint")
  await brand.getByLabel("Footer note").fill("Questions? Ask Ida.")
  const bar = page.getByRole("region", { name: "Unsaved changes" })
  await expect(bar).toContainText("5 unsaved changes")

  // The visitor's page, before anything is saved.
  const preview = page.frameLocator("iframe")
  await expect(preview.getByRole("banner")).toHaveText("Harbour & Co")
  await expect(preview.getByText("Questions? Ask Ida.")).toBeVisible()
  await expect(preview.getByText(/\s\(Nepal Time\)$/)).toBeVisible()
  const logoWidth = () =>
    preview.locator("header img").evaluate((img: HTMLImageElement) => img.naturalWidth)
  await expect.poll(logoWidth).toBe(80)
  const paper = () => preview.locator("body").evaluate((body) => getComputedStyle(body).background)
  await page.emulateMedia({ colorScheme: null }) // emulation applies to frames too
  await expect.poll(paper).toContain("rgb(251, 250, 247)")
  await page.getByRole("button", { name: "Dark" }).click()
  await expect.poll(paper).toContain("rgb(21, 20, 18)")

  // What another admin saves meanwhile stays.
  const privacyUrl = "https://harbour.example/privacy"
  await admin.patch("/admin/settings", { branding: { privacyUrl } })
  await bar.getByRole("button", { name: "Save" }).click()
  await expect(brand.getByLabel("Privacy notice link")).toHaveValue(privacyUrl)
  await expect(bar).toContainText("Name, Accent colour, Legal notice link, Footer note, Logo saved")

  for (const colorScheme of ["light", "dark"] as const) {
    const visitor = await browse({ colorScheme })
    for (const { url } of [open, locked, ended]) {
      await visitor.goto(url)
      await expect(visitor).toHaveTitle(/· Harbour & Co$/)
      const logo = visitor.locator("header img")
      await expect
        .poll(() => logo.evaluate((img) => img instanceof HTMLImageElement && img.naturalWidth))
        .toBe(80)
      await expect(visitor.getByRole("link", { name: "Imprint" })).toBeVisible()
      await expect(visitor.getByText("Questions? Ask Ida.")).toBeVisible()
      // The contrast of any accent in both schemes is a unit test.
      if (colorScheme === "dark") await expectNoViolations(visitor, `${url} in dark`)
    }
    await visitor.screenshot({ path: testInfo.outputPath(`${colorScheme}.png`) })
    await visitor.goto("/sign-in")
    await expect(visitor).toHaveTitle("Sign in · Harbour & Co")
    await expect(visitor.getByRole("banner")).toHaveText("Harbour & Co")
    await visitor.goto(invitation)
    await expect(visitor.getByRole("heading", { level: 1 })).toHaveText("Join Harbour & Co")
  }
})

test("an admin who signed in long ago confirms before a change of settings, which keeps what was typed and is then made by itself", async ({
  installation,
  adminPage: page,
}) => {
  await page.goto("/admin/settings/sharing")
  await installation.query("UPDATE session SET confirmed_at = now() - interval '11 minutes'")
  const days = page.getByRole("textbox", { name: "Maximum share duration" })
  await days.fill("5")
  const bar = page.getByRole("region", { name: "Unsaved changes" })
  await bar.getByRole("button", { name: "Save" }).click()
  const dialog = page.getByRole("dialog", { name: "Confirm that it’s you" })
  await expectNoViolations(page, "confirming", "[role=dialog]")
  await dialog.getByRole("button", { name: "Not now" }).click()
  await expect(bar.getByText("Nothing was changed. Confirm that it’s you")).toBeVisible()
  await expect(days).toHaveValue("5")

  await bar.getByRole("button", { name: "Save" }).click()
  await dialog.getByLabel("Password").fill("wrong")
  await dialog.getByRole("button", { name: "Confirm" }).click()
  await expect(dialog.getByText("Incorrect password.")).toBeVisible()
  await dialog.getByLabel("Password").fill(ADMIN.password)
  await dialog.getByRole("button", { name: "Confirm" }).click()
  await expect(bar.getByText("Maximum share duration saved")).toBeVisible()
  await expect(dialog).toBeHidden()

  await days.fill("6")
  await bar.getByRole("button", { name: "Save" }).click()
  await expect(bar.getByText("Maximum share duration saved")).toBeVisible()
})
