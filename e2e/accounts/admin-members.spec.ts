import type { Page } from "@playwright/test"
import { WIDTHS } from "../browser/widths.ts"
import { expect, test } from "../fixtures.ts"

// The browser logs the page of a closed link, and a refused form.
test.use({ allowed: [/status of (400|410)/] })

/** The button of the form with this field. */
const saveOf = (page: Page, label: string) =>
  page
    .locator("form")
    .filter({ has: page.getByLabel(label) })
    .getByRole("button", { name: "Save" })

for (const width of WIDTHS) {
  test(`at ${width} px an admin invites two people, gives one a quota, and deletes an account with its files`, async ({
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
    await page.getByRole("button", { name: "Invite members" }).click()
    const dialog = page.getByRole("dialog")
    const [one, two] = [`one.${width}@example.org`, `two.${width}@example.org`]
    await dialog.getByLabel("Email").fill(`${one}\n${two}`)
    await dialog.getByLabel("Storage limit in GB").fill("2")
    await dialog.getByRole("button", { name: "Continue" }).click()
    await expect(page.getByRole("dialog", { name: "Invite 2 people?" })).toContainText(two)
    await dialog.getByRole("button", { name: "Create 2 links" }).click()
    await expect(page.getByRole("dialog", { name: "2 invitations created" })).toBeVisible()
    const link = await dialog.getByLabel(one).inputValue()
    await dialog.getByRole("button", { name: "Done" }).click()

    const newcomer = await browse({ javaScriptEnabled: false })
    await newcomer.goto(link)
    await newcomer.getByLabel("Name").fill(`Una ${width}`)
    await newcomer.getByLabel("Password").fill("a window on the harbour")
    await newcomer.getByRole("button", { name: "Join and sign in" }).click()
    await newcomer.waitForURL("**/shares")

    await page.goto("/admin/members")
    await page.getByRole("searchbox", { name: "Search by name or email" }).fill(`una ${width}`)
    await page.waitForURL(/q=una/)
    await page.getByRole("link", { name: `Una ${width}` }).click()
    await page.waitForURL(/members\/[0-9a-f-]+$/)
    await expect(page.getByText("0 bytes of 2 GB")).toBeVisible()
    await page.getByLabel("Storage limit in GB").fill("3")
    await saveOf(page, "Storage limit in GB").click()
    await expect(page.getByText("0 bytes of 3 GB")).toBeVisible()
    await page.getByLabel("Name").fill(`Una Ulm ${width}`)
    await saveOf(page, "Name").click()
    await expect(page.getByRole("heading", { name: `Una Ulm ${width}` })).toBeVisible()

    await page.goto(`/admin/members?q=${encodeURIComponent(leaver.email)}`)
    await page.getByRole("link", { name: `Lee Leaver ${width}` }).click()
    await expect(page.getByText("1, 1 open")).toBeVisible()
    await page.getByRole("button", { name: "Delete account…" }).click()
    const asked = page.getByRole("alertdialog", { name: `Delete Lee Leaver ${width}?` })
    await expect(asked).toContainText(/has 1 file \(.+\) and 1 share, 1 of them open\./)
    await asked.getByRole("radio", { name: "Delete them" }).check()
    await expect(asked).toContainText("the files are permanently deleted from the bucket")
    await asked.getByRole("button", { name: `Delete Lee Leaver ${width}` }).click()
    await expect(page.getByText("1 share revoked, 1 file deleted.")).toBeVisible()
    await page.waitForURL("**/admin/members")

    expect(await leaver.isSignedIn()).toBe(false)
    expect((await visitor.goto(share.url))?.status()).toBe(410)
    const found = await admin.get(`/admin/users?q=${encodeURIComponent(leaver.email)}`)
    expect((await found.json()).items).toEqual([])
  })
}

test("an admin's input stays after a refusal, and each change shows on the page at once", async ({
  adminPage: page,
  join,
}) => {
  const member = await join("Zoe Changed")
  const heir = await join("Hal Heir")
  const share = await member.share("changed.pdf")
  const { id } = await (await member.get("/me")).json()
  const confirm = (name: string) => page.getByRole("alertdialog").getByRole("button", { name })
  const choose = async (item: string) => {
    await page.getByRole("button", { name: "Actions for Zoe Changed" }).click()
    await page.getByRole("menuitem", { name: item }).click()
  }

  await page.goto("/admin/members")
  await page.getByRole("button", { name: "Invite members" }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByLabel("Email").fill("no address")
  await dialog.getByLabel("Storage limit in GB").fill("2")
  await dialog.getByRole("button", { name: "Create link" }).click()
  await expect(dialog.getByText("Enter an email address")).toBeVisible()
  await expect(dialog.getByLabel("Email")).toHaveValue("no address")
  await dialog.getByLabel("Email").fill("withdrawn@example.org")
  await dialog.getByRole("button", { name: "Create link" }).click()
  await dialog.getByRole("button", { name: "Done" }).click()
  await page.getByRole("button", { name: /Withdraw .*withdrawn@example\.org/ }).click()
  await expect(page.getByText("withdrawn@example.org")).toHaveCount(0)

  await page.goto(`/admin/members/${id}`)
  await page.getByLabel("Storage limit in GB").fill("much")
  await saveOf(page, "Storage limit in GB").click()
  await expect(page.getByText("Enter a number of bytes.")).toBeVisible()
  await expect(page.getByLabel("Storage limit in GB")).toHaveValue("much")
  for (const [role, hint] of [
    ["Auditor", "Also reads everyone’s shares, requests and members"],
    ["Admin", "Also sees, revokes and deletes every member’s shares and files"],
    ["Member", "Shares their own files"],
  ] as const) {
    await choose("Change role…")
    await page.getByRole("alertdialog").getByRole("radio", { name: role, exact: true }).check()
    await expect(page.getByRole("alertdialog")).toContainText(hint)
    await confirm("Save").click()
    await expect(page.getByText(new RegExp(`Zoe Changed is now an? ${role}`, "i"))).toBeVisible()
  }
  await choose("Sign out everywhere")
  await confirm("Sign Zoe Changed out").click()
  await expect(page.getByText("No active sessions.")).toBeVisible()
  expect((await member.get("/me")).status()).toBe(401)

  await page.getByRole("button", { name: "Transfer files and shares…" }).click()
  await confirm("Transfer").click()
  await expect(page.getByText("Choose who gets the shares and files.")).toBeVisible()
  await page.getByLabel("New owner").selectOption({ label: `Hal Heir (${heir.email})` })
  await confirm("Transfer").click()
  await expect(page.getByText("1 share and 1 file transferred.")).toBeVisible()
  await expect(page.getByRole("link", { name: "0, 0 open" }).first()).toBeVisible()
  expect(await heir.readShare(share.id)).toMatchObject({ status: "open" })

  await page.goto("/admin/files?q=changed.pdf")
  await page.getByRole("checkbox", { name: "Select changed.pdf" }).check()
  await page.getByRole("button", { name: "Delete…" }).click()
  await page
    .getByRole("alertdialog")
    .getByRole("button", { name: /^Delete/ })
    .click()
  await expect(page.getByText("No files found")).toBeVisible()
})
