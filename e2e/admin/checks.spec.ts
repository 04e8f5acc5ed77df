import { expect, test } from "../fixtures.ts"

// The browser logs the refused run, and the store that it does not reach.
test.use({ allowed: [/status of 409|ERR_FAILED/] })

test("an admin checks the installation, by hand and from this browser, and the command and the API say the same", async ({
  adminPage: page,
  admin,
  installation,
}) => {
  await installation.query("UPDATE installation SET checks_found = NULL")
  await page.goto("/admin/shares")
  await page.getByRole("link", { name: "Checks" }).click()
  await expect(page.getByRole("heading", { name: "Checks", level: 1 })).toBeVisible()

  // The first visit runs them.
  await expect(page.getByText("Last checked")).toBeVisible({ timeout: 30_000 })
  for (const group of ["Storage", "Address"])
    await page.locator("summary").filter({ hasText: group }).click()
  const colours = page
    .getByRole("listitem")
    .filter({ hasText: "The signer keys amber, blue, green" })
  await expect(colours.getByText("Passed")).toBeAttached()
  const byBrowser = page.getByText(
    `A browser uploaded a test object to ${installation.storeUrl} and downloaded it on`,
  )
  await expect(byBrowser).toBeVisible()

  // Without BACKUP_DIR there is no button, and the page says once what to set.
  const needs = page.getByRole("region", { name: "Needs attention" })
  await expect(needs.getByText("Set BACKUP_DIR to a directory")).toBeVisible()
  await expect(needs.locator("code").filter({ hasText: /^(APP_URL|BACKUP_DIR)$/ })).toHaveCount(2)
  await expect(page.getByText("No backup yet")).toHaveCount(0)
  await expect(page.getByRole("button", { name: "Back up now" })).toHaveCount(0)
  expect((await admin.post("/admin/backup", {})).status()).toBe(403)

  await page.getByRole("button", { name: "Check now" }).focus()
  await page.keyboard.press("Enter")
  await expect(page.getByText("Checking…")).toBeVisible()
  await expect(page.getByText("Last checked")).toBeVisible({ timeout: 30_000 })

  const { code, said } = await installation.lapse(["doctor"])
  const view = await (await admin.get("/admin/checks")).json()
  const lines: { name: string; sentence: string; state: string }[] = view.items
  expect(Object.keys(view).sort()).toEqual(["checkedAt", "items", "runningSince"])
  for (const { name, sentence } of lines) expect(said).toContain(`${name}: ${sentence}`)
  expect(said).toContain("0 failed, 2 warnings.")
  expect(code).toBe(0)
  const warned = lines.filter(({ state }) => state === "warn").map(({ name }) => name)
  expect(warned).toEqual(["Address", "Last backup"])
})

test("an admin whose browser may not reach the store reads so, with the rule that lets it", async ({
  adminPage: page,
  installation,
}) => {
  await page.route(`${installation.storeUrl}/**`, (route) => route.abort())
  await page.goto("/admin/checks")
  await page.locator("summary").filter({ hasText: "Address" }).click()
  await page.getByRole("button", { name: "Check now" }).click()

  const line = page.getByRole("listitem").filter({ hasText: "A browser could not upload" })
  await expect(line).toContainText("(no answer)", { timeout: 30_000 })
  await line.getByText("Show configuration").click()
  await expect(line.getByText('"AllowedOrigins"')).toBeVisible()
  await page.unroute(`${installation.storeUrl}/**`)
  await page.getByRole("button", { name: "Check now" }).click()
  await expect(page.getByText("A browser uploaded a test object")).toBeVisible({ timeout: 30_000 })
})

test("an admin who asks for the checks while they run is told so, and sees what they found", async ({
  admin,
  browse,
  installation,
}) => {
  await installation.query(
    "UPDATE installation SET checks_running_until = clock_timestamp() + interval '100 seconds'",
  )
  const page = await browse({ storageState: await admin.context.storageState() })
  await page.goto("/admin/checks")
  await expect(page.getByText("Checking…")).toBeVisible()
  const run = page.getByRole("button", { name: "Check now" })
  await expect(run).toBeDisabled()
  await expect(run).toHaveCSS("opacity", "1")
  expect((await admin.post("/admin/checks", {})).status()).toBe(409)

  await installation.query(
    "UPDATE installation SET checks_running_until = clock_timestamp() + interval '3 seconds'",
  )

  const { code, said } = await installation.lapse(["doctor"])
  expect(code, said).toBe(0) // after those under way
  await expect(run).toBeEnabled({ timeout: 15_000 })
})

test("the checks do not exist for a member, and a foreign host name changes nothing that they ask", async ({
  ownerPage,
  owner,
  admin,
}) => {
  const answer = await ownerPage.goto("/admin/checks")
  expect(answer?.status()).toBe(404)
  await expect(ownerPage.getByText("Page not found")).toBeVisible()
  expect((await owner.get("/admin/checks")).status()).toBe(403)

  const headers = { "x-forwarded-host": "evil.example", forwarded: "host=evil.example" }
  await admin.context.post("/api/v1/admin/checks", { data: {}, headers })
  const view = await (await admin.get("/admin/checks")).text()
  expect(view).not.toContain("evil.example")
})
