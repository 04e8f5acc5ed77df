import { expect, test } from "./fixtures.ts"
import { postCredentials } from "./member-client.ts"

test("a member whom an admin disables is out at the next request and cannot come back", async ({
  admin,
  adminPage,
  join,
  browse,
  stranger,
}) => {
  const member = await join("Dora Disabled")
  const share = await member.share("survey.pdf")
  const page = await browse({ storageState: await member.context.storageState() })
  await page.goto("/shares")
  await expect(page.getByRole("heading", { name: "Shares" })).toBeVisible()

  await adminPage.goto("/admin/members")
  await adminPage.getByRole("button", { name: "Actions for Dora Disabled" }).click()
  await adminPage.getByRole("menuitem", { name: "Disable" }).click()
  await adminPage.getByRole("button", { name: "Disable Dora Disabled" }).click()
  await expect(adminPage.getByText("Dora Disabled is changed.")).toBeVisible()

  expect((await member.get("/shares")).status()).toBe(401)
  expect((await member.post(`/shares/${share.id}/revoke`, {})).status()).toBe(401)
  await page.goto("/shares")
  await expect(page).toHaveURL(/\/sign-in/)
  expect((await postCredentials(await stranger(), member)).status()).toBe(401)

  const seen = await admin.get("/admin/shares?q=survey.pdf")
  expect(seen.status()).toBe(200)
})
