import { expect, test } from "../fixtures.ts"

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

test("an admin revokes all shares of a member at once", async ({ admin, join }) => {
  const member = await join("Bela Bulk")
  const shares = [
    await member.share("a.pdf"),
    await member.share("b.pdf"),
    await member.share("c.pdf"),
  ]
  const { id } = await (await member.get("/me")).json()

  const count = await admin.post("/admin/shares/revoke", { ownerId: id, dryRun: true })
  expect(await count.json()).toMatchObject({ dryRun: true, count: 3 })
  expect(await member.readShare(shares[0]?.id ?? "")).toMatchObject({ status: "open" })

  expect(await (await admin.post("/admin/shares/revoke", { ownerId: id })).json()).toMatchObject({
    count: 3,
    exposedUntil: null,
  })
  for (const { id } of shares) {
    expect(await member.readShare(id)).toMatchObject({ status: "revoked" })
  }
})
