import { expect, test } from "../fixtures.ts"

// The browser logs the refused check.
test.use({ allowed: [/status of 409/] })

test("an admin checks the storage and sees that everything works", async ({
  adminPage: page,
  installation,
}) => {
  await installation.query("UPDATE installation SET storage_checked = NULL")
  await page.goto("/admin/shares")
  await page.getByRole("link", { name: "Storage" }).click()
  await expect(page.getByRole("heading", { name: "Storage" })).toBeVisible()
  await expect(page.getByText("Storage hasn’t been checked yet")).toBeVisible()

  await page.getByRole("button", { name: "Check now" }).click()

  await expect(page.getByText("All checks passed.")).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText("Last checked")).toBeVisible()
  const colours = page
    .getByRole("listitem")
    .filter({ hasText: "The signer keys amber, blue, green" })
  await expect(colours.getByText("Passed")).toBeVisible()
  await expect(
    page.getByText("A presigned URL that expires after 1 s is rejected afterwards."),
  ).toBeVisible()
})

test("an admin who asks for a check while one runs is told so, and the doctor of the command line too", async ({
  admin,
  browse,
  installation,
}) => {
  await installation.query(
    "UPDATE installation SET storage_checking_until = clock_timestamp() + interval '100 seconds'",
  )
  const page = await browse({ storageState: await admin.context.storageState() })
  await page.goto("/admin/storage")
  await expect(page.getByText("A check has been running since")).toBeVisible()

  await page.getByRole("button", { name: "Check now" }).click()

  await expect(page.getByText("A storage check is already running.")).toBeVisible()
  const refused = await installation.lapse(["doctor"])
  expect(refused).toMatchObject({
    code: 1,
    said: expect.stringContaining("A storage check is already running."),
  })
  await installation.query("UPDATE installation SET storage_checking_until = NULL")
  const { code, said } = await installation.lapse(["doctor"])
  expect(said).toContain("ok       Signer keys: The signer keys amber, blue, green")
  expect(said).toContain("All checks passed.")
  expect(code).toBe(0)
  await page.reload()
  await expect(page.getByText("All checks passed.")).toBeVisible()
})

test("the page of the storage does not exist for a member", async ({ ownerPage }) => {
  const answer = await ownerPage.goto("/admin/storage")
  expect(answer?.status()).toBe(404)
  await expect(ownerPage.getByText("Page not found")).toBeVisible()
})
