import { expect, test } from "./fixtures.ts"
import { WIDTHS } from "./widths.ts"

// The browser's message about the page of a link that is over.
test.use({ allowed: [/status of 410/] })

for (const width of WIDTHS) {
  test(`at ${width} px an admin invites two people, gives one space, and deletes an account with its files`, async ({
    adminPage: page,
    admin,
    browse,
    join,
    visitor,
  }) => {
    await page.setViewportSize({ width, height: 900 })
    const leaver = await join(`Lee Leaver ${width}`)
    const share = await leaver.share("left.pdf")

    await page.goto("/admin/members")
    await page.getByRole("button", { name: "Invite a member" }).click()
    const dialog = page.getByRole("dialog")
    const [one, two] = [`one.${width}@example.org`, `two.${width}@example.org`]
    await dialog.getByLabel("Email").fill(`${one}\n${two}`)
    await dialog.getByLabel("Space in GB").fill("2")
    await dialog.getByRole("button", { name: "Make the link" }).click()
    await expect(page.getByRole("dialog", { name: "2 invitations are ready" })).toBeVisible()
    const link = await dialog.getByLabel(one).inputValue()
    await dialog.getByRole("button", { name: "Done" }).click()

    const newcomer = await browse({ javaScriptEnabled: false })
    await newcomer.goto(link)
    await newcomer.getByLabel("Name").fill(`Una ${width}`)
    await newcomer.getByLabel("Password").fill("a window on the harbour")
    await newcomer.getByRole("button", { name: "Join and sign in" }).click()
    await newcomer.waitForURL("**/shares")

    await page.goto(`/admin/members?q=una+${width}`)
    await page.getByRole("link", { name: `Una ${width}` }).click()
    await expect(page.getByText("0 bytes of 2 GB")).toBeVisible()
    await page.getByLabel("Space in GB").fill("3")
    await page.getByRole("button", { name: "Save" }).click()
    await expect(page.getByText("0 bytes of 3 GB")).toBeVisible()

    await page.goto(`/admin/members?q=${encodeURIComponent(leaver.email)}`)
    await page.getByRole("link", { name: `Lee Leaver ${width}` }).click()
    await expect(page.getByText("1, 1 open")).toBeVisible()
    await page.getByRole("button", { name: "Delete the account…" }).click()
    const asked = page.getByRole("alertdialog", { name: `Delete Lee Leaver ${width}?` })
    await asked.getByRole("radio", { name: "They end" }).check()
    await expect(asked).toContainText("the files are deleted from the bucket")
    await asked.getByRole("button", { name: `Delete Lee Leaver ${width}` }).click()
    await expect(page.getByText("1 share revoked, 1 file deleted.")).toBeVisible()
    await page.waitForURL("**/admin/members")

    expect(await leaver.isSignedIn()).toBe(false)
    expect((await visitor.goto(share.url))?.status()).toBe(410)
    const found = await admin.get(`/admin/users?q=${encodeURIComponent(leaver.email)}`)
    expect((await found.json()).items).toEqual([])
  })
}

test("a member invites where the settings say so, and not otherwise", async ({
  admin,
  owner,
  ownerPage,
}) => {
  await ownerPage.goto("/settings")
  await expect(ownerPage.getByRole("heading", { name: "Invite someone" })).toHaveCount(0)
  expect((await owner.post("/invites", {})).status()).toBe(403)

  await admin.patch("/admin/settings", { inviters: "members" })
  await ownerPage.reload()
  await ownerPage.getByLabel("Email").last().fill("friend@example.org")
  await ownerPage.getByRole("button", { name: "Make the link" }).click()
  await expect(ownerPage.getByLabel("Invitation link")).toHaveValue(/\/invite\//)
  await admin.patch("/admin/settings", { reset: ["inviters"] })
})
