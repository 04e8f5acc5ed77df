import { WIDTHS } from "../browser/widths.ts"
import { expect, test } from "../fixtures.ts"
import { postCredentials } from "../member-client.ts"
import { keepUrl, statusOf } from "../network/kept-url.ts"

// An open page still asks the app when its session ends, and the browser logs refused forms.
test.use({
  allowed: [
    /status of (401 .*(\/shares\/live|\/me\b|\/without-thumbnail|\/callback\/credentials)|400)/,
  ],
})

test("a member whom an admin disables is signed out at the next request and cannot sign in, and the links are revoked and blocked when the admin says so", async ({
  admin,
  adminPage,
  join,
  browse,
  stranger,
}) => {
  const member = await join("Dora Disabled")
  const share = await member.share("survey.pdf")
  const kept = await keepUrl(await stranger(), share)
  const page = await browse({ storageState: await member.context.storageState() })
  await page.goto("/settings")
  await expect(page.getByRole("heading", { name: "Your account" })).toBeVisible()

  await adminPage.goto("/admin/members")
  await adminPage.getByRole("link", { name: "Dora Disabled" }).click()
  const sessions = adminPage.locator("section").filter({ hasText: "Active sessions" })
  await expect(sessions.getByRole("listitem")).not.toHaveCount(0)
  await adminPage.getByRole("button", { name: "Actions for Dora Disabled" }).click()
  await adminPage.getByRole("menuitem", { name: "Disable" }).click()
  await adminPage.getByRole("radio", { name: "Revoke and block active links" }).check()
  await adminPage.getByRole("button", { name: "Disable Dora Disabled" }).click()
  await expect(adminPage.getByText("1 share revoked. Active links are blocked.")).toBeVisible()
  expect(await statusOf(kept)).toBe(403)
  expect((await (await stranger()).get(share.url)).status()).toBe(410)
  await expect(sessions).toContainText("None. Disabling this member ended every session.")
  await expect(sessions.getByRole("listitem")).toHaveCount(0)

  const dialog = page.getByRole("dialog", { name: "Your account is disabled" })
  await expect(dialog).toContainText("Unfinished uploads were cancelled.", { timeout: 5_000 })
  await expect(dialog.getByLabel("Password")).toHaveCount(0)
  expect((await member.get("/shares")).status()).toBe(401)
  expect((await member.post(`/shares/${share.id}/revoke`, {})).status()).toBe(401)
  await page.goto("/shares")
  await expect(page).toHaveURL(/\/sign-in/)
  expect((await postCredentials(await stranger(), member)).status()).toBe(401)
  await page.getByLabel("Email").fill(member.email)
  await page.getByLabel("Password").fill(member.password)
  await page.getByRole("button", { name: "Sign in" }).click()
  await expect(page.getByText("Your account here is disabled.")).toBeVisible()

  const seen = await admin.get("/admin/shares?q=survey.pdf")
  expect(seen.status()).toBe(200)
})

for (const width of WIDTHS) {
  test(`links of a disabled member are transferred to another member, ${width} px wide`, async ({
    admin,
    browse,
    join,
    visitor,
  }) => {
    const name = `Gustav Gone ${width}`
    const member = await join(name)
    const heir = await join(`Hilda Heir ${width}`)
    const share = await member.share("handover.pdf")
    const page = await browse({
      storageState: await admin.context.storageState(),
      viewport: { width, height: 800 },
    })
    await page.goto("/admin/members")
    await page.getByRole("button", { name: `Actions for ${name}` }).click()
    await page.getByRole("menuitem", { name: "Disable" }).click()
    const dialog = page.getByRole("alertdialog")
    await expect(dialog).toContainText("Links stay open unless you choose otherwise.")
    await expect(
      dialog.getByRole("radio", { name: "Keep them open until they expire" }),
    ).toBeChecked()

    await dialog.getByRole("radio", { name: "Transfer them to another member" }).check()
    await dialog.getByRole("button", { name: `Disable ${name}` }).click()
    await expect(dialog.getByRole("alert")).toHaveText("Choose who gets the shares and files.")
    await dialog
      .getByLabel("New owner")
      .selectOption({ label: `Hilda Heir ${width} (${heir.email})` })
    await dialog.getByRole("button", { name: `Disable ${name}` }).click()
    await expect(page.getByText("1 share and 1 file transferred.")).toBeVisible()

    expect((await member.get("/shares")).status()).toBe(401)
    expect((await heir.readShare(share.id)).url).toBe(share.url)
    await visitor.goto(share.url)
    await expect(visitor.getByText(`Hilda Heir ${width} sent you`)).toBeVisible()
    await page.goto("/admin/audit")
    await expect(
      page.getByText(/transferred 1 share and 1 file from Gustav Gone/).first(),
    ).toBeVisible()
  })
}
