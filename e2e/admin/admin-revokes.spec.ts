import { expect, test } from "../fixtures.ts"
import { keepUrl, statusOf } from "../network/kept-url.ts"

test("an admin sees everyone's shares and revokes one with a reason, which the owner reads and cannot undo", async ({
  owner,
  ownerPage,
  admin,
  adminPage,
  visitor,
}) => {
  const share = await owner.share("leak.pdf", { title: "Leaked plans" })

  await adminPage.goto("/admin/shares?q=Leaked")
  const row = adminPage.getByRole("listitem").filter({ hasText: "Leaked plans" })
  await expect(row).toContainText("Nora North")
  await row.getByRole("button", { name: /^More actions for/ }).click()
  await adminPage.getByRole("menuitem", { name: "Revoke…" }).click()
  const asked = adminPage.getByRole("alertdialog")
  await expect(asked).toContainText("1 share will be revoked.")
  await asked.getByLabel("Reason").fill("Confidential")
  await asked.getByRole("button", { name: "Revoke 1 share" }).click()
  await expect(adminPage.getByText("1 share revoked")).toBeVisible()

  expect((await visitor.goto(share.url))?.status()).toBe(410)
  await ownerPage.goto(`/shares/${share.id}`)
  await expect(ownerPage.getByText(/an admin, revoked this share on/)).toBeVisible()
  await expect(ownerPage.getByText("Reason: Confidential")).toBeVisible()
  await expect(ownerPage.getByRole("button", { name: "Restore" })).toBeDisabled()
  expect((await owner.post(`/shares/${share.id}/restore`)).status()).toBe(403)
  expect((await owner.patch(`/shares/${share.id}`, { maxDownloads: 9 })).status()).toBe(200)
  await owner.post(`/shares/${share.id}/new-link`)
  expect(await owner.readShare(share.id)).toMatchObject({ status: "revoked" })

  expect((await admin.post(`/admin/shares/${share.id}/restore`)).status()).toBe(200)
  const restored = await owner.readShare(share.id)
  expect((await visitor.goto(restored.url))?.status()).toBe(200)
})

test("several shares that an admin revoked at once are restored by Undo; addresses that an owner's revoke left are blocked, and then only an admin restores the share", async ({
  adminPage: page,
  join,
  stranger,
}) => {
  const member = await join("Uma Undo")
  const shares = [
    await member.share("a.pdf", { title: "Left exposed" }),
    await member.share("b.pdf"),
  ] as const
  const { id: ownerId } = await (await member.get("/me")).json()
  await page.goto(`/admin/shares?ownerId=${ownerId}`)
  await page.getByRole("checkbox", { name: "Select all on this page" }).check()
  await page.getByRole("button", { name: "Revoke…" }).click()
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke 2 shares" }).click()
  await expect(page.getByText("2 shares revoked")).toBeVisible()
  await page.getByRole("button", { name: "Undo", exact: true }).click()
  await expect(page.getByText("2 shares restored")).toBeVisible()
  for (const { id } of shares) expect(await member.readShare(id)).toMatchObject({ status: "open" })

  const [{ id }] = shares
  const kept = await keepUrl(await stranger(), await member.readShare(id))
  await member.post(`/shares/${id}/revoke`)
  await page.goto("/admin/shares?q=Left+exposed")
  await page.getByRole("link", { name: "Left exposed" }).click()
  await expect(page.getByText(/Uma Undo revoked this share on/)).toBeVisible()
  await expect(page.getByText(/Closed at .* Download links already issued may work/)).toBeVisible()
  await page.getByRole("button", { name: "Block now" }).click()
  await expect(page.getByText(/Existing download links stopped working in/)).toBeVisible()
  expect(await statusOf(kept)).toBe(403)
  expect((await member.post(`/shares/${id}/restore`)).status()).toBe(403)
  await page.getByRole("button", { name: "Restore" }).click()
  await expect(page.getByText("Restored")).toBeVisible()
  expect(await member.readShare(id)).toMatchObject({ status: "open" })
})
