import { expect, test } from "../fixtures.ts"

test("an invitation survives visits and previews, creates one member, and is then used up", async ({
  adminPage,
  stranger,
  visitor,
  browse,
}) => {
  await adminPage.goto("/admin/members")
  await adminPage.getByRole("button", { name: "Invite members" }).click()
  await adminPage.getByRole("dialog").getByLabel("Email").fill("ivy@example.org")
  await adminPage.getByRole("button", { name: "Create link" }).click()
  const link = await adminPage.getByLabel("Invitation link").inputValue()

  const bot = await stranger()
  const { pathname } = new URL(link)
  for (let look = 0; look < 3; look++) expect((await bot.get(pathname)).status()).toBe(200)
  expect((await bot.head(pathname)).status()).toBe(200)

  await visitor.goto(link)
  await expect(visitor.getByLabel("Email")).toHaveValue("ivy@example.org")
  await visitor.getByLabel("Name").fill("Ivy Invited")
  await visitor.getByLabel("Password").fill("a window on the harbour")
  await visitor.getByRole("button", { name: "Join and sign in" }).click()
  await visitor.waitForURL("**/shares")

  const late = await browse()
  const answer = await late.goto(link)
  expect(answer?.status()).toBe(410)
  await expect(late.getByText("This invitation is no longer valid")).toBeVisible()
})

test("a member can invite only if a setting allows it", async ({ admin, owner, ownerPage }) => {
  await ownerPage.goto("/settings")
  await expect(ownerPage.getByRole("heading", { name: "Invite someone" })).toHaveCount(0)
  expect((await owner.post("/invites", {})).status()).toBe(403)

  await admin.patch("/admin/settings", { inviters: "members" })
  await ownerPage.reload()
  await ownerPage.getByLabel("Email").last().fill("friend@example.org")
  await ownerPage.getByRole("button", { name: "Create link" }).click()
  await expect(ownerPage.getByLabel("Invitation link")).toHaveValue(/\/invite\//)
  await admin.patch("/admin/settings", { reset: ["inviters"] })
})

test("an admin's input in a dialog is not visible to another who signs in in the same tab", async ({
  installation,
  join,
  browse,
}) => {
  const [one, other] = [await join("Ada First"), await join("Bea Second")]
  await installation.query("UPDATE member SET role = 'admin' WHERE email = ANY ($1)", [
    [one.email, other.email],
  ])
  const page = await browse()
  const email = page.getByRole("dialog").getByLabel("Email")
  const openInvite = async ({ email, password }: typeof one) => {
    await page.getByLabel("Email").fill(email)
    await page.getByLabel("Password").fill(password)
    await page.getByRole("button", { name: "Sign in" }).click()
    await page.getByRole("link", { name: "Admin" }).click()
    await page.getByRole("link", { name: "Members", exact: true }).click()
    await page.getByRole("button", { name: "Invite members" }).click()
  }
  await page.goto("/sign-in")
  await openInvite(one)
  await email.fill("guest@example.org")
  await page.keyboard.press("Escape")
  await page.getByRole("button", { name: "Invite members" }).click()
  await expect(email).toHaveValue("guest@example.org")
  await page.keyboard.press("Escape")

  await page.getByRole("button", { name: "Sign out" }).first().click()
  await expect(page).toHaveURL(/\/sign-in/)
  await openInvite(other)
  await expect(email).toHaveValue("")
})
